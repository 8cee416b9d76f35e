package io.wgnetty.config;

import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The lines of one interface's or peer's sections that are to say something else, each written
 * once, though a file may have several sections of it.
 */
final class SectionChange {
  /** Writes a line, or nothing if the setting is gone. */
  @FunctionalInterface
  interface LineWriter {
    void write(TextBuffer out, String lineEnd);
  }

  private final Map<Keyword, LineWriter> lines = new EnumMap<>(Keyword.class);
  private final Set<Keyword> written = EnumSet.noneOf(Keyword.class);
  private final Map<CommentWord, String> comments = new EnumMap<>(CommentWord.class);
  private final Set<CommentWord> commented = EnumSet.noneOf(CommentWord.class);

  void put(Keyword keyword, LineWriter line) {
    lines.put(keyword, line);
  }

  /**
   * @param value what the comment is to say from now on; empty for no such comment
   */
  void put(CommentWord word, String value) {
    comments.put(word, value);
  }

  boolean isEmpty() {
    return lines.isEmpty() && comments.isEmpty();
  }

  /** Whether lines of this key are not to stay as they are. */
  boolean changes(Keyword keyword) {
    return lines.containsKey(keyword);
  }

  /** Writes the key's line, unless that was done. */
  void writeOnce(Keyword keyword, TextBuffer out, String lineEnd) {
    LineWriter line = lines.get(keyword);
    if (line != null && written.add(keyword)) {
      line.write(out, lineEnd);
    }
  }

  /** Whether there is something that was not written so far. */
  boolean hasRest() {
    return !written.containsAll(lines.keySet());
  }

  /** Writes what was not written so far. */
  void writeRest(TextBuffer out, String lineEnd) {
    lines.keySet().forEach(keyword -> writeOnce(keyword, out, lineEnd));
  }

  /** The words of comments that are to say something else. */
  Set<CommentWord> commentWords() {
    return comments.keySet();
  }

  /** What stands in the place of a comment, {@code null} if it stays. */
  @Nullable String comment(CommentWord found) {
    CommentWord word = found == CommentWord.FRIENDLY_NAME ? CommentWord.NAME : found;
    String value = comments.get(word);
    if (value == null) {
      return null;
    }
    boolean first = commented.add(word);
    if (first && !value.isEmpty()) {
      return Comment.line(word, value);
    }
    // The first name counts; further ones are for other programs.
    return word == CommentWord.NAME ? null : "";
  }
}
