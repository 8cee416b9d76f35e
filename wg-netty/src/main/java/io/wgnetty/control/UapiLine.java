package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;

/**
 * One line of a request, without its line end: {@code key=value}, a request's first line, or the
 * empty line that ends it.
 *
 * <p>A view of the decoder's buffer, valid until the next line is read. Keys are read from the
 * bytes, so that no private key becomes a string that nobody can overwrite.
 */
final class UapiLine {
  private static final int KEY_BYTES = 32;

  /** The longest key of the protocol has 29 letters; anything longer is not shown in a log. */
  private static final int MAX_SHOWN_KEY = 32;

  private final byte[] bytes;
  private int length;
  private int separator = -1;

  UapiLine(int capacity) {
    bytes = new byte[capacity];
  }

  /** A line of its own. */
  static UapiLine of(String text) {
    byte[] content = text.getBytes(ISO_8859_1);
    UapiLine line = new UapiLine(content.length);
    System.arraycopy(content, 0, line.bytes, 0, content.length);
    line.length = content.length;
    line.findSeparator();
    return line;
  }

  byte[] buffer() {
    return bytes;
  }

  int length() {
    return length;
  }

  /** Grows the line to the first {@code newLength} bytes of the buffer. */
  void extendTo(int newLength) {
    length = newLength;
  }

  /** The line is whole: finds its parts. */
  void findSeparator() {
    separator = -1;
    for (int i = 0; i < length; i++) {
      if (bytes[i] == '=') {
        separator = i;
        return;
      }
    }
  }

  /** Forgets the line and overwrites what was in the buffer. */
  void wipe() {
    Arrays.fill(bytes, 0, length, (byte) 0);
    length = 0;
    separator = -1;
  }

  boolean isEmpty() {
    return length == 0;
  }

  boolean contentEquals(String text) {
    return length == text.length() && new String(bytes, 0, length, ISO_8859_1).equals(text);
  }

  boolean startsWith(String text) {
    return length >= text.length() && new String(bytes, 0, text.length(), ISO_8859_1).equals(text);
  }

  /**
   * What stands before the {@code =}.
   *
   * @throws RequestException EPROTO if there is none
   */
  String key() throws RequestException {
    if (separator < 0) {
      throw new RequestException(Errno.EPROTO, "a line without '='");
    }
    return new String(bytes, 0, separator, ISO_8859_1);
  }

  /** The key if it looks like one; a log must not repeat what may be a misplaced secret. */
  static String shown(String key) {
    return key.length() <= MAX_SHOWN_KEY && key.matches("[a-z_]+") ? key : "(not a key's name)";
  }

  /** What stands behind the {@code =}, as text. Not for secrets. */
  String value() {
    return new String(bytes, separator + 1, length - separator - 1, ISO_8859_1);
  }

  /** What stands behind the {@code =}, as text that people wrote. Not for secrets. */
  String textValue() {
    return new String(bytes, separator + 1, length - separator - 1, UTF_8);
  }

  /**
   * The value as a decimal number.
   *
   * @throws RequestException unless it is digits only and in 0 to {@code max}
   */
  long number(long max) throws RequestException {
    long number = 0;
    boolean valid = length > separator + 1;
    for (int i = separator + 1; i < length && valid; i++) {
      int digit = bytes[i] - '0';
      number = number * 10 + digit;
      valid = digit >= 0 && digit <= 9 && number <= max;
    }
    if (!valid) {
      throw RequestException.invalid(key() + " is not a number in 0.." + max);
    }
    return number;
  }

  /** The value as the one word that switches may have. */
  void requireTrue() throws RequestException {
    if (!value().equals("true")) {
      throw RequestException.invalid(key() + " may only be 'true'");
    }
  }

  /**
   * The value as 32 bytes in hexadecimal, either case. The caller wipes them if they are secret.
   */
  byte[] hexKey() throws RequestException {
    byte[] key = new byte[KEY_BYTES];
    boolean valid = length - separator - 1 == 2 * KEY_BYTES;
    for (int i = 0; i < KEY_BYTES && valid; i++) {
      int high = Character.digit(bytes[separator + 1 + 2 * i], 16);
      int low = Character.digit(bytes[separator + 2 + 2 * i], 16);
      key[i] = (byte) (high << 4 | low);
      valid = high >= 0 && low >= 0;
    }
    if (!valid) {
      Arrays.fill(key, (byte) 0);
      throw RequestException.invalid(key() + " is not 64 hexadecimal digits");
    }
    return key;
  }

  /** Only its length: the content may be secret. */
  @Override
  public String toString() {
    return "line of " + length + " bytes";
  }
}
