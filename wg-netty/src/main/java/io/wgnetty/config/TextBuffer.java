package io.wgnetty.config;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Base64;

/** A text in the making that may hold keys: whatever it leaves behind is overwritten. */
final class TextBuffer {
  private byte[] bytes = new byte[1024];
  private int length;

  TextBuffer add(String text) {
    return add(text.getBytes(UTF_8));
  }

  TextBuffer add(byte[] text) {
    return add(text, 0, text.length);
  }

  TextBuffer add(byte[] text, int from, int to) {
    int added = to - from;
    if (length + added > bytes.length) {
      byte[] larger = Arrays.copyOf(bytes, Math.max(length + added, 2 * length));
      Arrays.fill(bytes, (byte) 0);
      bytes = larger;
    }
    System.arraycopy(text, from, bytes, length, added);
    length += added;
    return this;
  }

  /** Adds a key in base64, and overwrites it. */
  TextBuffer addKey(byte[] key) {
    byte[] encoded = Base64.getEncoder().encode(key);
    add(encoded);
    Arrays.fill(encoded, (byte) 0);
    Arrays.fill(key, (byte) 0);
    return this;
  }

  /** The text as an array of the caller's; this buffer is empty afterwards. */
  byte[] take() {
    byte[] text = Arrays.copyOf(bytes, length);
    Arrays.fill(bytes, (byte) 0);
    length = 0;
    return text;
  }
}
