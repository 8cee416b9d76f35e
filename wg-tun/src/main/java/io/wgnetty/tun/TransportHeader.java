package io.wgnetty.tun;

import java.nio.ByteBuffer;

/** Where the TCP or UDP header of an IP packet begins, found by walking the headers before it. */
final class TransportHeader {
  static final int TCP = 6;
  static final int UDP = 17;
  static final int IPV4_BYTES = 20;
  static final int IPV6_BYTES = 40;
  static final int TCP_BYTES = 20;
  static final int UDP_BYTES = 8;

  /** Not TCP or UDP, a fragment, or cut off. */
  static final int NONE = -1;

  private static final int HOP_BY_HOP = 0;
  private static final int ROUTING = 43;
  private static final int DESTINATION_OPTIONS = 60;
  private static final int FRAGMENT_BITS = 0x3fff; // more fragments, and the offset

  private TransportHeader() {}

  /**
   * The offset of the transport header within the packet of {@code length} bytes at {@code at}, or
   * {@link #NONE}. The packet's own length field must say {@code length} too.
   */
  static int offset(ByteBuffer b, int at, int length) {
    if (length < IPV4_BYTES) {
      return NONE;
    }
    return switch (b.get(at) >>> 4) {
      case 4 -> offsetV4(b, at, length);
      case 6 -> offsetV6(b, at, length);
      default -> NONE;
    };
  }

  private static int offsetV4(ByteBuffer b, int at, int length) {
    int headerBytes = (b.get(at) & 0xf) << 2;
    boolean whole =
        headerBytes >= IPV4_BYTES
            && headerBytes <= length
            && Short.toUnsignedInt(b.getShort(at + 2)) == length
            && (b.getShort(at + 6) & FRAGMENT_BITS) == 0;
    return whole && isTransport(b.get(at + 9)) ? headerBytes : NONE;
  }

  private static int offsetV6(ByteBuffer b, int at, int length) {
    if (length < IPV6_BYTES || Short.toUnsignedInt(b.getShort(at + 4)) != length - IPV6_BYTES) {
      return NONE;
    }
    int next = Byte.toUnsignedInt(b.get(at + 6));
    int offset = IPV6_BYTES;
    while (next == HOP_BY_HOP || next == ROUTING || next == DESTINATION_OPTIONS) {
      if (length - offset < 8) {
        return NONE;
      }
      if (next == ROUTING && b.get(at + offset + 3) != 0) {
        return NONE; // segments left: its checksum is over another destination than the header's
      }
      next = Byte.toUnsignedInt(b.get(at + offset));
      offset += (Byte.toUnsignedInt(b.get(at + offset + 1)) + 1) << 3;
    }
    return offset <= length && isTransport((byte) next) ? offset : NONE;
  }

  private static boolean isTransport(byte protocol) {
    return protocol == TCP || protocol == UDP;
  }

  /** The protocol of a packet whose transport header was found. */
  static int protocol(ByteBuffer b, int at, int transportOffset) {
    if (b.get(at) >>> 4 == 4) {
      return b.get(at + 9);
    }
    int next = b.get(at + 6);
    int offset = IPV6_BYTES;
    while (offset < transportOffset) {
      next = b.get(at + offset);
      offset += (Byte.toUnsignedInt(b.get(at + offset + 1)) + 1) << 3;
    }
    return next;
  }

  /**
   * Where the payload begins in a packet whose transport header was found, or {@link #NONE} if that
   * header is cut off or lies about its length.
   */
  static int payloadOffset(ByteBuffer b, int at, int length, int transportOffset, int protocol) {
    int room = length - transportOffset;
    if (protocol == UDP) {
      return room < UDP_BYTES ? NONE : transportOffset + UDP_BYTES;
    }
    if (room < TCP_BYTES) {
      return NONE;
    }
    int headerBytes = (b.get(at + transportOffset + 12) & 0xf0) >> 2;
    return headerBytes < TCP_BYTES || headerBytes > room ? NONE : transportOffset + headerBytes;
  }
}
