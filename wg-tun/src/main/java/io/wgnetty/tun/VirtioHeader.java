package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * The {@code virtio_net_hdr} that precedes every packet of an interface opened with IFF_VNET_HDR
 * (protocol 8.1): flags (1), gso_type (1), hdr_len (2), gso_size (2), csum_start (2), csum_offset
 * (2). All zeros stand for one ordinary packet with complete checksums. Numbers are in the
 * machine's byte order, which on both supported platforms is little-endian.
 */
final class VirtioHeader {
  static final int BYTES = 10;

  /** The transport checksum is left to the receiver; its field holds the pseudo-header's sum. */
  static final int NEEDS_CSUM = 1;

  static final int GSO_NONE = 0;
  static final int GSO_TCPV4 = 1;
  static final int GSO_TCPV6 = 4;
  static final int GSO_UDP_L4 = 5;

  /** May be added to a TCP type: a segment of the flow has met congestion. */
  static final int GSO_ECN = 0x80;

  static final int TCP_CSUM_OFFSET = 16;
  static final int UDP_CSUM_OFFSET = 6;

  private VirtioHeader() {}

  /** Writes the header of an ordinary packet at {@code offset}. */
  static void clear(ByteBuffer bytes, int offset) {
    bytes.putLong(offset, 0);
    bytes.putShort(offset + Long.BYTES, (short) 0);
  }

  /** Whether the header at {@code offset} is that of an ordinary packet, with nothing to do. */
  static boolean isPlain(ByteBuffer bytes, int offset) {
    return bytes.getShort(offset) == 0; // flags and gso_type
  }

  /** Writes the header of a super-packet at {@code offset}. */
  static void putSuper(
      ByteBuffer bytes,
      int offset,
      int gsoType,
      int headerBytes,
      int segmentBytes,
      int transportOffset,
      int checksumOffset) {
    bytes.put(offset, (byte) NEEDS_CSUM);
    bytes.put(offset + 1, (byte) gsoType);
    bytes.putShort(offset + 2, Short.reverseBytes((short) headerBytes));
    bytes.putShort(offset + 4, Short.reverseBytes((short) segmentBytes));
    bytes.putShort(offset + 6, Short.reverseBytes((short) transportOffset));
    bytes.putShort(offset + 8, Short.reverseBytes((short) checksumOffset));
  }

  static int flags(ByteBuffer bytes, int offset) {
    return Byte.toUnsignedInt(bytes.get(offset));
  }

  static int gsoType(ByteBuffer bytes, int offset) {
    return Byte.toUnsignedInt(bytes.get(offset + 1)) & ~GSO_ECN;
  }

  static int gsoBytes(ByteBuffer bytes, int offset) {
    return number(bytes, offset + 4);
  }

  static int checksumStart(ByteBuffer bytes, int offset) {
    return number(bytes, offset + 6);
  }

  static int checksumOffset(ByteBuffer bytes, int offset) {
    return number(bytes, offset + 8);
  }

  private static int number(ByteBuffer bytes, int offset) {
    return Short.toUnsignedInt(Short.reverseBytes(bytes.getShort(offset)));
  }
}
