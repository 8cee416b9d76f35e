package io.wgnetty.doctor;

import io.wgnetty.counters.DropReason;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What each reason of a drop means, and what helps: the words of docs/metrics.md, so that there is
 * one text.
 */
final class DropWords {
  private static final String RESOURCE = "/docs/metrics.md";
  private static final String HEADING = "## Drop reasons";
  private static final int MEANING = 4;
  private static final int REMEDY = 5;

  private static final Map<String, List<String>> ROWS = rows();

  private DropWords() {}

  /** The reason of that word; {@code null} if there is none, as of a newer node. */
  static @Nullable DropReason reason(String word) {
    for (DropReason reason : DropReason.values()) {
      if (reason.word().equals(word)) {
        return reason;
      }
    }
    return null;
  }

  static String meaning(DropReason reason) {
    return cell(reason, MEANING);
  }

  static String remedy(DropReason reason) {
    return cell(reason, REMEDY);
  }

  private static String cell(DropReason reason, int column) {
    List<String> cells = ROWS.getOrDefault(reason.word(), List.of());
    return column < cells.size() ? plain(cells.get(column)) : "";
  }

  /** As a terminal shows it: without code marks, links by their text, or gone in parentheses. */
  static String plain(String markdown) {
    return markdown
        .replaceAll(" \\(\\[[^\\]]*\\]\\([^)]*\\)\\)", "")
        .replaceAll("\\[([^\\]]*)\\]\\([^)]*\\)", "$1")
        .replace("`", "");
  }

  /** The cells of each row, by the reason's word; the first is what stands before the table. */
  private static Map<String, List<String>> rows() {
    Map<String, List<String>> rows = new HashMap<>();
    boolean inside = false;
    for (String line : page().lines().toList()) {
      if (line.startsWith("## ")) {
        inside = line.equals(HEADING);
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Stream.of(line.split("\\|", -1)).map(String::strip).toList();
        rows.put(cells.get(1).replace("`", ""), cells);
      }
    }
    return rows;
  }

  private static String page() {
    try (InputStream in = DropWords.class.getResourceAsStream(RESOURCE)) {
      if (in == null) {
        throw new IllegalStateException("the program was built without " + RESOURCE);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
