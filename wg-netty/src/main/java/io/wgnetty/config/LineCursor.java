package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;

/**
 * A file's text, line by line, as wg reads it: the {@code #} and what follows is cut off, and all
 * white space is taken out (protocol 7.4). Remembers where each remaining character stood.
 *
 * <p>Lines end with LF; a CR is white space. A byte order mark in front belongs to no line. The
 * line's characters are kept in one buffer that is used over and over, since they may be a key's.
 */
final class LineCursor {
  private static final int[] BYTE_ORDER_MARK = {0xef, 0xbb, 0xbf};
  private static final int NONE = -1;

  /** A million allowed IPs; the places of a longer line's characters would fill the memory. */
  static final int MAX_LINE_BYTES = 16 << 20;

  private final byte[] text;
  private int number;
  private int start;
  private int end;
  private int contentEnd;
  private int next;

  private byte[] clean = new byte[256];
  private int[] origin = new int[256];
  private int length;
  private int separator;

  private int columnAt;
  private int column;

  LineCursor(byte[] text) {
    this.text = text;
    next = beginOf(text);
  }

  /** Where the first line begins: a byte order mark belongs to none. */
  static int beginOf(byte[] text) {
    return startsWithMark(text) ? BYTE_ORDER_MARK.length : 0;
  }

  private static boolean startsWithMark(byte[] text) {
    for (int i = 0; i < BYTE_ORDER_MARK.length; i++) {
      if (i >= text.length || (text[i] & 0xff) != BYTE_ORDER_MARK[i]) {
        return false;
      }
    }
    return true;
  }

  /** Goes to the next line, if there is one. What stands behind the last LF is one if not empty. */
  boolean advance() {
    if (next >= text.length) {
      return false;
    }
    number++;
    start = next;
    end = find('\n', start, text.length);
    next = end + 1;
    contentEnd = find('#', start, end);
    columnAt = start;
    column = 1;
    readClean();
    return true;
  }

  private int find(char wanted, int from, int to) {
    int at = from;
    while (at < to && text[at] != wanted) {
      at++;
    }
    return at;
  }

  private void readClean() {
    length = 0;
    separator = NONE;
    if (isTooLong()) {
      return;
    }
    for (int at = start; at < contentEnd; at++) {
      byte b = text[at];
      if (isSpace(b)) {
        continue;
      }
      if (length == clean.length) {
        grow();
      }
      if (b == '=' && separator == NONE) {
        separator = length;
      }
      clean[length] = b;
      origin[length++] = at;
    }
  }

  private void grow() {
    byte[] larger = Arrays.copyOf(clean, 2 * length);
    Arrays.fill(clean, (byte) 0);
    clean = larger;
    origin = Arrays.copyOf(origin, 2 * length);
  }

  static boolean isSpace(byte b) {
    return b == ' ' || (b >= '\t' && b <= '\r');
  }

  /** Whether it is longer than {@link #MAX_LINE_BYTES}, and not looked at. */
  boolean isTooLong() {
    return contentEnd - start > MAX_LINE_BYTES;
  }

  /** Overwrites what is left of the text in here; the text itself is the caller's. */
  void wipe() {
    Arrays.fill(clean, (byte) 0);
  }

  /** From 1; 0 before the first line. */
  int number() {
    return number;
  }

  /** The number of characters that are neither comment nor white space. */
  int length() {
    return length;
  }

  char charAt(int index) {
    return (char) (clean[index] & 0xff);
  }

  /** The place of the first {@code =} among them, or a negative number. */
  int separator() {
    return separator;
  }

  /** Those from {@code from} up to {@code to}, each byte a character. Not for secrets. */
  String text(int from, int to) {
    return new String(clean, from, to - from, ISO_8859_1);
  }

  boolean hasComment() {
    return contentEnd < end;
  }

  int commentStart() {
    return contentEnd;
  }

  /** Where the line begins in the whole text. */
  int start() {
    return start;
  }

  /** Where the line's LF stands in the whole text, or its end. */
  int end() {
    return end;
  }

  /** Where the next line begins in the whole text. */
  int nextStart() {
    return Math.min(next, text.length);
  }

  /** Where a character of the line stands in the whole text; the line's end for one too many. */
  int originOf(int index) {
    if (index < length) {
      return origin[index];
    }
    return length == 0 ? start : origin[length - 1] + 1;
  }

  Place place(int index) {
    return placeOf(originOf(index));
  }

  /** The place of a byte of this line. Asking from left to right costs one walk in all. */
  Place placeOf(int offset) {
    if (offset < columnAt) {
      columnAt = start;
      column = 1;
    }
    for (; columnAt < offset; columnAt++) {
      // What continues a character of UTF-8 is no column of its own.
      if (columnAt >= text.length || (text[columnAt] & 0xc0) != 0x80) {
        column++;
      }
    }
    return new Place(number, column);
  }
}
