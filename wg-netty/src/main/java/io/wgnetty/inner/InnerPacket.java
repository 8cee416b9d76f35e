package io.wgnetty.inner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The IP packet inside a tunnel, read in place: absolute access, network byte order, no allocation.
 *
 * <p>Addresses may be read once {@link #length} has said that the header is there.
 */
public final class InnerPacket {
  /** Neither IPv4 nor IPv6. */
  public static final int NOT_IP = -1;

  /** Shorter than the header of its version. */
  public static final int TOO_SHORT = -2;

  /** The length in the header is impossible or more than there is. */
  public static final int BAD_LENGTH = -3;

  static final int IPV4_HEADER_BYTES = 20;
  static final int IPV6_HEADER_BYTES = 40;

  private static final int IPV4_TOTAL_LENGTH = 2;
  private static final int IPV4_SOURCE = 12;
  private static final int IPV4_DESTINATION = 16;
  private static final int IPV6_PAYLOAD_LENGTH = 4;
  private static final int IPV6_SOURCE = 8;
  private static final int IPV6_DESTINATION = 24;

  private InnerPacket() {}

  /**
   * The length that the packet's own header gives, or {@link #NOT_IP}, {@link #TOO_SHORT}, {@link
   * #BAD_LENGTH} (protocol 4.1 steps 12 and 13). Padding behind the packet is allowed.
   *
   * @param available bytes from {@code offset} on, padding included
   */
  public static int length(ByteBuffer b, int offset, int available) {
    assert b.order() == ByteOrder.BIG_ENDIAN : "IP is big-endian";
    if (available < 1) {
      return TOO_SHORT;
    }
    return switch (version(b, offset)) {
      case 4 -> lengthV4(b, offset, available);
      case 6 -> lengthV6(b, offset, available);
      default -> NOT_IP;
    };
  }

  private static int lengthV4(ByteBuffer b, int offset, int available) {
    if (available < IPV4_HEADER_BYTES) {
      return TOO_SHORT;
    }
    int length = Short.toUnsignedInt(b.getShort(offset + IPV4_TOTAL_LENGTH));
    return length < IPV4_HEADER_BYTES || length > available ? BAD_LENGTH : length;
  }

  private static int lengthV6(ByteBuffer b, int offset, int available) {
    if (available < IPV6_HEADER_BYTES) {
      return TOO_SHORT;
    }
    // In 32 bits: 40 + 65535 does not fit in 16.
    int length = IPV6_HEADER_BYTES + Short.toUnsignedInt(b.getShort(offset + IPV6_PAYLOAD_LENGTH));
    return length > available ? BAD_LENGTH : length;
  }

  /** The version nibble. */
  static int version(ByteBuffer b, int offset) {
    return (b.get(offset) & 0xf0) >>> 4;
  }

  public static boolean isIpv6(ByteBuffer b, int offset) {
    return version(b, offset) == 6;
  }

  public static int sourceV4(ByteBuffer b, int offset) {
    return b.getInt(offset + IPV4_SOURCE);
  }

  public static int destinationV4(ByteBuffer b, int offset) {
    return b.getInt(offset + IPV4_DESTINATION);
  }

  /** The upper 64 bits of the IPv6 source. */
  public static long sourceHigh(ByteBuffer b, int offset) {
    return b.getLong(offset + IPV6_SOURCE);
  }

  /** The lower 64 bits of the IPv6 source. */
  public static long sourceLow(ByteBuffer b, int offset) {
    return b.getLong(offset + IPV6_SOURCE + Long.BYTES);
  }

  /** The upper 64 bits of the IPv6 destination. */
  public static long destinationHigh(ByteBuffer b, int offset) {
    return b.getLong(offset + IPV6_DESTINATION);
  }

  /** The lower 64 bits of the IPv6 destination. */
  public static long destinationLow(ByteBuffer b, int offset) {
    return b.getLong(offset + IPV6_DESTINATION + Long.BYTES);
  }
}
