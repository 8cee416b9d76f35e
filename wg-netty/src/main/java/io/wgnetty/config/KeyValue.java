package io.wgnetty.config;

/**
 * Reads the values that are keys, straight from the line's characters. What is wrong with one is
 * said without showing any of it.
 */
final class KeyValue {
  private static final int CHARACTERS = 44;

  private KeyValue() {}

  /** What makes a key of 44 characters. */
  interface Decoder<T> {
    T decode(CharSequence text);
  }

  static <T> T decode(Value value, Decoder<T> decoder) throws InvalidValue {
    if (value.length() != CHARACTERS) {
      throw new InvalidValue(
          0,
          "has "
              + value.length()
              + " characters; a key has 44 of base64, the last of which is '='");
    }
    try {
      return decoder.decode(value);
    } catch (IllegalArgumentException e) {
      throw reason(value);
    }
  }

  private static InvalidValue reason(Value value) {
    int last = CHARACTERS - 1;
    for (int i = 0; i < last; i++) {
      char c = value.charAt(i);
      if (c == '=' || !Shown.isOfKey(c)) {
        return new InvalidValue(i, "a character of the key is none of A-Z a-z 0-9 + /");
      }
    }
    return value.charAt(last) == '='
        ? new InvalidValue(last - 1, "the key's last character before '=' cannot be this one")
        : new InvalidValue(last, "a key ends with '='");
  }
}
