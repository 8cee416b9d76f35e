package io.wgnetty.config;

import java.util.regex.Pattern;

/** Pieces of a file as a message may show them: short, printable, and never what may be a key. */
final class Shown {
  private static final int MAX_LENGTH = 60;

  /** A key of 44 characters, put where an address belongs, or most of one. */
  private static final Pattern LIKE_A_KEY = Pattern.compile("[A-Za-z0-9+/=]{32,}");

  private Shown() {}

  /** The text in quotation marks, or what there is to say about it. */
  static String quoted(String text) {
    if (LIKE_A_KEY.matcher(text).find()) {
      return "what stands here (" + text.length() + " characters)";
    }
    String printable = text.replaceAll("[^\\x20-\\x7e]", "?");
    return "'"
        + (printable.length() > MAX_LENGTH ? printable.substring(0, MAX_LENGTH) + "..." : printable)
        + "'";
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
