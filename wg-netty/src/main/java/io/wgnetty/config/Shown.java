package io.wgnetty.config;

/** Pieces of a file as a message may show them: short, printable, and never what may be a key. */
final class Shown {
  private static final int MAX_LENGTH = 60;

  /** A key of 44 characters, put where an address belongs, or most of one. */
  private static final int LIKE_A_KEY = 32;

  private Shown() {}

  /** The text in quotation marks, or what there is to say about it. */
  static String quoted(String text) {
    if (mayHoldKey(text)) {
      return "what stands here (" + text.length() + " characters)";
    }
    int shown = Math.min(text.length(), MAX_LENGTH);
    var quoted = new StringBuilder(shown + 5).append('\'');
    for (int i = 0; i < shown; i++) {
      char c = text.charAt(i);
      quoted.append(c < ' ' || c > '~' ? '?' : c);
    }
    return quoted.append(shown < text.length() ? "...'" : "'").toString();
  }

  private static boolean mayHoldKey(String text) {
    int run = 0;
    for (int i = 0; i < text.length() && run < LIKE_A_KEY; i++) {
      run = isOfKey(text.charAt(i)) ? run + 1 : 0;
    }
    return run >= LIKE_A_KEY;
  }

  /** Whether it is one of the characters of base64. */
  static boolean isOfKey(char c) {
    return (c >= 'A' && c <= 'Z')
        || (c >= 'a' && c <= 'z')
        || (c >= '0' && c <= '9')
        || c == '+'
        || c == '/'
        || c == '=';
  }

  /** A character by its number and name, or a byte that is part of none. */
  static String character(int codePoint) {
    if (codePoint == 0) {
      return "a NUL byte (is this a text file?)";
    }
    if (codePoint < 0) {
      return "the byte 0x%02X, which is not UTF-8,".formatted(-codePoint);
    }
    String name = Character.getName(codePoint);
    return "the character U+%04X%s".formatted(codePoint, name == null ? "" : " " + name);
  }
}
