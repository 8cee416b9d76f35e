package io.wgnetty.doctor;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The words of the command are those of docs/metrics.md. */
class DropWordsTest {
  private static Map<String, List<String>> documented() throws IOException {
    Map<String, List<String>> rows = new HashMap<>();
    boolean inside = false;
    for (String line : Files.readAllLines(Path.of("../docs/metrics.md"))) {
      if (line.startsWith("## ")) {
        inside = line.equals("## Drop reasons");
      } else if (inside && line.startsWith("| `")) {
        List<String> cells = Stream.of(line.split("\\|")).map(String::strip).toList();
        rows.put(cells.get(1).replace("`", ""), cells.subList(4, 6));
      }
    }
    return rows;
  }

  /** As a terminal shows it: without code marks, and without links in parentheses. */
  private static String plain(String markdown) {
    return markdown.replaceAll(" \\(\\[[^\\]]*\\]\\([^)]*\\)\\)", "").replace("`", "");
  }

  @Test
  void shouldSayOfEachReasonWhatTheDocumentSays() throws IOException {
    Map<String, List<String>> documented = documented();
    assertThat(documented).hasSize(DropReason.values().length);
    for (DropReason reason : DropReason.values()) {
      List<String> cells = documented.getOrDefault(reason.word(), List.of("", ""));
      assertThat(DropWords.meaning(reason)).as(reason.word()).isEqualTo(plain(cells.get(0)));
      assertThat(DropWords.remedy(reason)).as(reason.word()).isEqualTo(plain(cells.get(1)));
      assertThat(DropWords.reason(reason.word())).isEqualTo(reason);
    }
    assertThat(DropWords.reason("of-a-newer-node")).isNull();
  }
}
