package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** What people call a peer: a comment {@code # Name = LABEL} or {@code # friendly_name = LABEL}. */
final class LabelComment {
  /** A longer one would not fit where labels are shown. */
  static final int MAX_CHARACTERS = 64;

  /** Of the word and the white space around it; most comments are something else. */
  private static final int MAX_BEFORE_EQUALS = 64;

  private static final List<String> WORDS = List.of("name", "friendly_name");

  private LabelComment() {}

  /** The label that the comment between these bytes gives, {@code null} if it gives none. */
  static @Nullable String in(byte[] text, int start, int end) {
    int equals = start;
    int limit = Math.min(end, start + MAX_BEFORE_EQUALS);
    while (equals < limit && text[equals] != '=') {
      equals++;
    }
    if (equals == limit || !isWord(new String(text, start, equals - start, UTF_8))) {
      return null;
    }
    String label = clean(new String(text, equals + 1, end - equals - 1, UTF_8));
    return label.isEmpty() ? null : label;
  }

  private static boolean isWord(String text) {
    String word = text.replace('#', ' ').strip();
    return WORDS.stream().anyMatch(word::equalsIgnoreCase);
  }

  /** A label as it may be shown on a terminal and written into a file: one line, not too long. */
  static String clean(String label) {
    var text = new StringBuilder();
    label
        .codePoints()
        .filter(LabelComment::isShown)
        .limit(MAX_CHARACTERS)
        .forEach(text::appendCodePoint);
    return text.toString().strip();
  }

  private static boolean isShown(int c) {
    return switch (Character.getType(c)) {
      case Character.CONTROL,
          Character.FORMAT,
          Character.SURROGATE,
          Character.LINE_SEPARATOR,
          Character.PARAGRAPH_SEPARATOR ->
          false;
      default -> true;
    };
  }
}
