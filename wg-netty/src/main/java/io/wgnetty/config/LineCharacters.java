package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import org.jspecify.annotations.Nullable;

/** Looks for what cannot be seen or typed in a line, and comes with copying from elsewhere. */
final class LineCharacters {
  private final byte[] text;
  private final LineCursor line;
  private final Findings findings;

  /** For the line at which the cursor stands, each time. */
  LineCharacters(byte[] text, LineCursor line, Findings findings) {
    this.text = text;
    this.line = line;
    this.findings = findings;
  }

  /**
   * Whether the line has no others; says which one it has.
   *
   * @param keyword the line's; a command may hold what its shell takes
   */
  boolean fit(@Nullable Keyword keyword) {
    int end = keyword != null && keyword.isHook() ? line.separator() : line.length();
    for (int i = 0; i < line.length(); i++) {
      char c = line.charAt(i);
      if (c == 0 || (i < end && (c < ' ' || c > '~'))) {
        findings.error(
            line.place(i),
            "",
            Shown.character(characterAt(line.originOf(i))) + " has no place here");
        return false;
      }
    }
    return true;
  }

  /** The line's key, without what has no place in it. */
  String visible() {
    int end = line.separator() < 0 ? line.length() : line.separator();
    var word = new StringBuilder();
    for (int i = 0; i < end && word.length() <= Keyword.MAX_LENGTH; i++) {
      char c = line.charAt(i);
      if (c > ' ' && c <= '~') {
        word.append(c);
      }
    }
    return word.toString();
  }

  /** The character of UTF-8 that begins at a byte, or that byte, negative. */
  private int characterAt(int at) {
    int first = text[at] & 0xff;
    int length = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
    if (at + length <= text.length) {
      String decoded = new String(text, at, length, UTF_8);
      if (decoded.codePointCount(0, decoded.length()) == 1 && decoded.charAt(0) != '\ufffd') {
        return decoded.codePointAt(0);
      }
    }
    return -first;
  }
}
