package io.wgnetty.tun;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/**
 * A {@code struct ifreq}: 16 bytes of name, then a union that holds flags or a number at offset 16
 * (protocol 8.1).
 */
final class InterfaceRequest {
  static final int BYTES = 40;
  private static final int VALUE_OFFSET = 16;

  private final Memory memory = new Memory(BYTES);

  InterfaceRequest() {
    memory.clear();
  }

  InterfaceRequest(String name) {
    this();
    byte[] ascii = name.getBytes(StandardCharsets.US_ASCII);
    memory.write(0, ascii, 0, ascii.length);
  }

  Memory memory() {
    return memory;
  }

  String name() {
    return memory.getString(0, "US-ASCII");
  }

  int flags() {
    return Short.toUnsignedInt(memory.getShort(VALUE_OFFSET));
  }

  InterfaceRequest withFlags(int flags) {
    memory.setShort(VALUE_OFFSET, (short) flags);
    return this;
  }

  int value() {
    return memory.getInt(VALUE_OFFSET);
  }

  InterfaceRequest withValue(int value) {
    memory.setInt(VALUE_OFFSET, value);
    return this;
  }
}
