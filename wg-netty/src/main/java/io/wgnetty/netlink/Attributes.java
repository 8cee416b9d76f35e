package io.wgnetty.netlink;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes at the end of a message. Bytes are taken as they come: what is cut short ends the
 * reading.
 */
final class Attributes {
  /** Flags in the upper bits of a type (nested, network byte order) do not make another type. */
  private static final int TYPE_MASK = 0x3fff;

  private final Map<Integer, ByteBuffer> byType = new HashMap<>();

  private Attributes() {}

  /** Those from {@code offset} on. */
  static Attributes of(ByteBuffer body, int offset) {
    var attributes = new Attributes();
    ByteBuffer in = body.duplicate().order(ByteOrder.nativeOrder());
    int at = offset;
    while (in.limit() - at >= RequestMessage.ATTRIBUTE_HEADER_BYTES) {
      int length = Short.toUnsignedInt(in.getShort(at));
      int type = in.getShort(at + Short.BYTES) & TYPE_MASK;
      if (length < RequestMessage.ATTRIBUTE_HEADER_BYTES || length > in.limit() - at) {
        break;
      }
      int valueBytes = length - RequestMessage.ATTRIBUTE_HEADER_BYTES;
      attributes.byType.put(type, in.slice(at + RequestMessage.ATTRIBUTE_HEADER_BYTES, valueBytes));
      at += (length + 3) & -4;
    }
    return attributes;
  }

  boolean has(int type) {
    return byType.containsKey(type);
  }

  /** A number, or {@code otherwise} if it is not there. */
  int u32(int type, int otherwise) {
    ByteBuffer value = byType.get(type);
    return value == null || value.limit() < Integer.BYTES
        ? otherwise
        : value.order(ByteOrder.nativeOrder()).getInt(0);
  }

  byte @Nullable [] bytes(int type) {
    ByteBuffer value = byType.get(type);
    if (value == null) {
      return null;
    }
    byte[] bytes = new byte[value.limit()];
    value.get(0, bytes);
    return bytes;
  }

  /** Text up to its NUL; empty if it is not there. */
  String text(int type) {
    byte[] bytes = bytes(type);
    if (bytes == null) {
      return "";
    }
    String text = new String(bytes, StandardCharsets.UTF_8);
    int end = text.indexOf('\0');
    return end < 0 ? text : text.substring(0, end);
  }

  /** The attributes inside of one. */
  Attributes nested(int type) {
    ByteBuffer value = byType.get(type);
    return value == null ? new Attributes() : of(value, 0);
  }
}
