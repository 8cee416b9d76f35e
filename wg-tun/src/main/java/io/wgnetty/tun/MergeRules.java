package io.wgnetty.tun;

import java.nio.ByteBuffer;

/**
 * Which packets may leave as one (protocol 8.1): those whose headers the kernel, when it cuts them
 * again, makes exactly as they were. Only an IPv4 identification may differ, and only where a
 * packet that must not be fragmented has no use for it (RFC 6864).
 *
 * <p>Packets are compared with the first of their group, eight bytes at a time.
 */
final class MergeRules {
  /** The kernel's UDP_MAX_SEGMENTS was this for long. */
  private static final int MAX_UDP_SEGMENTS = 64;

  private static final int ACK = 0x10;
  private static final int PSH = 0x08;

  /** The low twelve bits of the word with TCP's data offset: reserved bits and flags. */
  private static final int ALL_FLAGS = 0xfff;

  private static final int DONT_FRAGMENT = 0x4000;

  // IPv4, big-endian. Bytes 0-7: all but length and identification. 8-15: all but the checksum.
  private static final long IPV4_WORD_0 = 0xffff_0000_0000_ffffL;
  private static final long IPV4_WORD_1 = 0xffff_0000_ffff_ffffL;

  // IPv6, bytes 0-7: all but the length.
  private static final long IPV6_WORD_0 = 0xffff_ffff_0000_ffffL;

  // TCP, bytes 8-15 (acknowledgement, data offset, flags, window): all but PSH.
  private static final long TCP_WORD_1 = ~((long) PSH << 16);

  private static final long LOW_HALF = 0xffff_ffffL;

  private MergeRules() {}

  /** Whether a packet without IP options or extension headers can be the first of a group. */
  static boolean canBegin(ByteBuffer b, int at, int length, FlowKind kind, int headerBytes) {
    if (headerBytes >= length) {
      return false;
    }
    int transport = at + kind.transportOffset();
    return kind.isTcp()
        ? (b.getShort(transport + 12) & ALL_FLAGS) == ACK
        : Short.toUnsignedInt(b.getShort(transport + 4)) == length - kind.transportOffset();
  }

  /**
   * Whether a packet continues its group, as far as headers tell. Nothing is known of the packet
   * but that its {@code length} bytes are there.
   */
  static boolean continues(
      ByteBuffer b, PacketGroups groups, int group, int first, int at, int length) {
    int headerBytes = groups.headerBytes(group);
    int payloadBytes = length - headerBytes;
    if (payloadBytes <= 0
        || payloadBytes > groups.segmentBytes(group)
        || groups.totalBytes(group) + payloadBytes > PacketBatch.MAX_PACKET_BYTES) {
      return false;
    }
    return switch (groups.kind(group)) {
      case TCP4 ->
          sameIpv4(b, groups, group, first, at, length)
              && nextTcp(b, groups, group, first + 20, at + 20);
      case TCP6 -> sameIpv6(b, first, at, length) && nextTcp(b, groups, group, first + 40, at + 40);
      case UDP4 ->
          sameIpv4(b, groups, group, first, at, length)
              && nextUdp(b, groups, group, at + 20, length - 20);
      case UDP6 ->
          sameIpv6(b, first, at, length) && nextUdp(b, groups, group, at + 40, length - 40);
    };
  }

  /** Also compares the ports, which follow right behind. */
  private static boolean sameIpv4(
      ByteBuffer b, PacketGroups groups, int group, int first, int at, int length) {
    long word0 = b.getLong(at);
    long difference =
        ((b.getLong(first) ^ word0) & IPV4_WORD_0)
            | ((b.getLong(first + 8) ^ b.getLong(at + 8)) & IPV4_WORD_1)
            | (b.getLong(first + 16) ^ b.getLong(at + 16));
    if (difference != 0 || ((int) (word0 >>> 32) & 0xffff) != length) {
      return false;
    }
    return (word0 & DONT_FRAGMENT) != 0
        || (short) (word0 >>> 16) == (short) (b.getShort(first + 4) + groups.count(group));
  }

  private static boolean sameIpv6(ByteBuffer b, int first, int at, int length) {
    long word0 = b.getLong(at);
    long difference =
        ((b.getLong(first) ^ word0) & IPV6_WORD_0)
            | (b.getLong(first + 8) ^ b.getLong(at + 8))
            | (b.getLong(first + 16) ^ b.getLong(at + 16))
            | (b.getLong(first + 24) ^ b.getLong(at + 24))
            | (b.getLong(first + 32) ^ b.getLong(at + 32))
            | (b.getInt(first + 40) ^ b.getInt(at + 40));
    return difference == 0
        && ((int) (word0 >>> 16) & 0xffff) == length - TransportHeader.IPV6_BYTES;
  }

  private static boolean nextTcp(ByteBuffer b, PacketGroups groups, int group, int first, int at) {
    int headerBytes = groups.headerBytes(group);
    int expected = b.getInt(first + 4) + groups.totalBytes(group) - headerBytes;
    long difference =
        ((b.getLong(first + 8) ^ b.getLong(at + 8)) & TCP_WORD_1)
            | (b.getShort(first + 18) ^ b.getShort(at + 18))
            | (b.getInt(at + 4) ^ expected);
    return difference == 0
        && sameOptions(b, first, at, headerBytes - groups.kind(group).transportOffset());
  }

  private static boolean sameOptions(ByteBuffer b, int first, int at, int tcpBytes) {
    for (int i = TransportHeader.TCP_BYTES; i < tcpBytes; i += Integer.BYTES) {
      if (b.getInt(first + i) != b.getInt(at + i)) {
        return false;
      }
    }
    return true;
  }

  private static boolean nextUdp(
      ByteBuffer b, PacketGroups groups, int group, int at, int udpBytes) {
    return groups.count(group) < MAX_UDP_SEGMENTS
        && Short.toUnsignedInt(b.getShort(at + 4)) == udpBytes;
  }

  /** Whether a packet that has joined is the last of its group for what its header says. */
  static boolean isLast(ByteBuffer b, int at, FlowKind kind) {
    return kind.isTcp() && (b.get(at + kind.transportOffset() + 13) & PSH) != 0;
  }

  /**
   * Whether both checksums of a packet are right: the kernel will not look at them again, so a
   * packet damaged on its way would pass for good.
   */
  static boolean isIntact(PacketBatch batch, int at, int length, FlowKind kind) {
    ByteBuffer b = batch.bytes();
    long packet = batch.address() + at;
    if (!kind.isTcp() && b.getShort(at + kind.transportOffset() + 6) == 0) {
      return false; // sent without a checksum: put together it would get one
    }
    if (!kind.isIpv6() && !isIntactIpv4(b, at)) {
      return false;
    }
    // The addresses stand right before the transport header.
    int addresses = kind.isIpv6() ? 8 : 12;
    long pseudo =
        Short.toUnsignedInt(
            Short.reverseBytes((short) (kind.protocol() + length - kind.transportOffset())));
    long sum = InternetChecksum.sum(packet + addresses, length - addresses);
    return InternetChecksum.foldWords(sum + pseudo) == 0xffff;
  }

  /** Twenty bytes are too few for a loop. */
  private static boolean isIntactIpv4(ByteBuffer b, int at) {
    long word0 = b.getLong(at);
    long word1 = b.getLong(at + 8);
    long sum = (word0 >>> 32) + (word1 >>> 32);
    sum += (word0 & LOW_HALF) + (word1 & LOW_HALF) + (b.getInt(at + 16) & LOW_HALF);
    return InternetChecksum.foldWords(sum) == 0xffff;
  }
}
