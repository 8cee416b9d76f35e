package io.wgnetty.crypto;

import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;

/**
 * The two written forms of a key: 64 hexadecimal digits and 44 characters of base64.
 *
 * <p>Reading takes the same time and touches the same memory whatever the key is: there are no
 * branches and no tables on its characters. Messages of exceptions never repeat the text.
 */
final class KeyText {
  static final int KEY_BYTES = 32;
  private static final int HEX_CHARS = 64;
  private static final int BASE64_CHARS = 44;

  private KeyText() {}

  static byte[] fromHex(String text) {
    if (text.length() != HEX_CHARS) {
      throw new IllegalArgumentException("a key has 64 hexadecimal digits, not " + text.length());
    }
    byte[] key = new byte[KEY_BYTES];
    int bad = 0;
    for (int i = 0; i < KEY_BYTES; i++) {
      int high = hexDigit(text.charAt(2 * i));
      int low = hexDigit(text.charAt(2 * i + 1));
      bad |= high | low;
      key[i] = (byte) (high << 4 | low);
    }
    if (bad < 0) {
      Arrays.fill(key, (byte) 0);
      throw new IllegalArgumentException("a key holds hexadecimal digits only");
    }
    return key;
  }

  static byte[] fromBase64(CharSequence text) {
    if (text.length() != BASE64_CHARS || text.charAt(BASE64_CHARS - 1) != '=') {
      throw new IllegalArgumentException("a key has 44 characters of base64 and ends with '='");
    }
    byte[] key = new byte[KEY_BYTES];
    int bad = 0;
    int bits = 0;
    int count = 0;
    int out = 0;
    for (int i = 0; i < BASE64_CHARS - 1; i++) {
      int value = base64Digit(text.charAt(i));
      bad |= value;
      bits = bits << 6 | (value & 0x3f);
      count += 6;
      if (count >= 8) {
        count -= 8;
        key[out++] = (byte) (bits >>> count);
      }
    }
    // 43 digits carry 258 bits: the last two must be zero or two texts would mean one key
    bad |= -(bits & 0x3);
    if (bad < 0) {
      Arrays.fill(key, (byte) 0);
      throw new IllegalArgumentException("a key is canonical base64");
    }
    return key;
  }

  static String toHex(byte[] key) {
    return HexFormat.of().formatHex(key);
  }

  static String toBase64(byte[] key) {
    return Base64.getEncoder().encodeToString(key);
  }

  /** The value of a digit, or a negative number. */
  private static int hexDigit(int c) {
    return -1
        + (inRange(c, '0', '9') & (c - '0' + 1))
        + (inRange(c, 'a', 'f') & (c - 'a' + 11))
        + (inRange(c, 'A', 'F') & (c - 'A' + 11));
  }

  /** The value of a digit, or a negative number. */
  private static int base64Digit(int c) {
    return -1
        + (inRange(c, 'A', 'Z') & (c - 'A' + 1))
        + (inRange(c, 'a', 'z') & (c - 'a' + 27))
        + (inRange(c, '0', '9') & (c - '0' + 53))
        + (inRange(c, '+', '+') & 63)
        + (inRange(c, '/', '/') & 64);
  }

  /** All ones if the character lies between the two, else zero. */
  private static int inRange(int c, int first, int last) {
    return ((first - 1 - c) & (c - last - 1)) >> 31;
  }
}
