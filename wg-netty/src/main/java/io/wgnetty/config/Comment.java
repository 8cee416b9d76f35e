package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/**
 * A comment with a meaning: {@code # WORD = VALUE}, or a peer's name as well-known makers of such
 * files write it. They are comments because wg-quick would refuse keys that it does not know.
 *
 * @param value without white space around it; a name is fit to be shown
 * @param plain whether it begins with one {@code #}: what somebody has commented out has more
 */
record Comment(CommentWord word, String value, boolean plain) {
  /** Of the word and the white space around it; most comments are something else. */
  private static final int MAX_BEFORE_EQUALS = 64;

  /** A longer value is cut, and says nothing that anybody understands; names are shorter. */
  private static final int MAX_VALUE_BYTES = 4096;

  /** What the comment between these bytes says, {@code null} if it is for people alone. */
  static @Nullable Comment in(byte[] text, int start, int end) {
    int wordStart = start;
    int marks = 0;
    while (wordStart < end && (text[wordStart] == '#' || LineCursor.isSpace(text[wordStart]))) {
      marks += text[wordStart++] == '#' ? 1 : 0;
    }
    int equals = wordStart;
    int limit = Math.min(end, start + MAX_BEFORE_EQUALS);
    while (equals < limit && text[equals] != '=') {
      equals++;
    }
    CommentWord word =
        equals == limit
            ? null
            : CommentWord.named(new String(text, wordStart, equals - wordStart, UTF_8).strip());
    if (word == null) {
      String label = LabelForms.in(text, start, end);
      return label == null ? null : new Comment(CommentWord.NAME, label, true);
    }
    int length = Math.min(end - equals - 1, MAX_VALUE_BYTES);
    String value = new String(text, equals + 1, length, UTF_8).strip();
    if (!word.isName()) {
      return new Comment(word, value, marks == 1);
    }
    String label = LabelForms.clean(value);
    return label.isEmpty() ? null : new Comment(word, label, marks == 1);
  }

  /** The line of a comment, without its end. */
  static String line(CommentWord word, String value) {
    return "# " + word.written() + " = " + value;
  }
}
