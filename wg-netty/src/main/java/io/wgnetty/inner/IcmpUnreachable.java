package io.wgnetty.inner;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The answer to a packet that no peer takes: ICMP host unreachable or ICMPv6 address unreachable
 * (protocol 4.2 steps 2 and 3).
 *
 * <p>Its source is the address that could not be reached, as if the far host had answered itself: a
 * packet that comes in with a local source would be dropped as martian. What must not be answered
 * is in RFC 1122 section 3.2.2 and RFC 4443 section 2.4: answers to errors, to groups and to
 * addresses that name no single host would multiply.
 */
public final class IcmpUnreachable {
  /** The longest answer: the minimum MTU of IPv6. */
  public static final int MAX_BYTES = 1280;

  /** What every IPv4 host can take (RFC 1812 section 4.3.2.3). */
  private static final int MAX_IPV4_BYTES = 576;

  private static final int ICMP_HEADER_BYTES = 8;
  private static final int HOP_LIMIT = 64;

  /** Internetwork control, as ICMP errors normally carry. */
  private static final int IPV4_TOS = 0xc0;

  private static final int DONT_FRAGMENT = 0x4000;
  private static final int FRAGMENT_OFFSET = 0x1fff;
  private static final int ICMP = 1;
  private static final int ICMPV6 = 58;

  private static final int TYPE_UNREACHABLE = 3;
  private static final int CODE_HOST = 1;
  private static final int TYPE_V6_UNREACHABLE = 1;
  private static final int CODE_V6_ADDRESS = 3;

  private IcmpUnreachable() {}

  /**
   * Writes the answer to a packet.
   *
   * @param out has room for {@link #MAX_BYTES} from {@code outOffset} on
   * @return the answer's length; 0 if the packet must not be answered or is malformed
   */
  public static int write(
      ByteBuffer packet, int offset, int length, ByteBuffer out, int outOffset) {
    assert out.order() == ByteOrder.BIG_ENDIAN : "IP is big-endian";
    int packetLength = InnerPacket.length(packet, offset, length);
    if (packetLength < 0) {
      return 0;
    }
    if (InnerPacket.isIpv6(packet, offset)) {
      return mayAnswerV6(packet, offset, packetLength)
          ? writeV6(packet, offset, packetLength, out, outOffset)
          : 0;
    }
    return mayAnswerV4(packet, offset, packetLength)
        ? writeV4(packet, offset, packetLength, out, outOffset)
        : 0;
  }

  private static int writeV4(ByteBuffer packet, int offset, int length, ByteBuffer out, int start) {
    int icmp = start + InnerPacket.IPV4_HEADER_BYTES;
    int headers = InnerPacket.IPV4_HEADER_BYTES + ICMP_HEADER_BYTES;
    int quoted = Math.min(length, MAX_IPV4_BYTES - headers);
    int total = headers + quoted;
    out.put(start, (byte) 0x45);
    out.put(start + 1, (byte) IPV4_TOS);
    out.putShort(start + 2, (short) total);
    // A datagram that is never fragmented needs no identification (RFC 6864).
    out.putInt(start + 4, DONT_FRAGMENT);
    out.put(start + 8, (byte) HOP_LIMIT);
    out.put(start + 9, (byte) ICMP);
    out.putShort(start + 10, (short) 0);
    out.putInt(start + 12, InnerPacket.destinationV4(packet, offset));
    out.putInt(start + 16, InnerPacket.sourceV4(packet, offset));
    out.putShort(start + 10, InternetChecksum.of(out, start, InnerPacket.IPV4_HEADER_BYTES, 0));
    putError(out, icmp, TYPE_UNREACHABLE, CODE_HOST);
    out.put(icmp + ICMP_HEADER_BYTES, packet, offset, quoted);
    out.putShort(icmp + 2, InternetChecksum.of(out, icmp, ICMP_HEADER_BYTES + quoted, 0));
    return total;
  }

  private static int writeV6(ByteBuffer packet, int offset, int length, ByteBuffer out, int start) {
    int icmp = start + InnerPacket.IPV6_HEADER_BYTES;
    int headers = InnerPacket.IPV6_HEADER_BYTES + ICMP_HEADER_BYTES;
    int quoted = Math.min(length, MAX_BYTES - headers);
    int payload = ICMP_HEADER_BYTES + quoted;
    out.putInt(start, 6 << 28);
    out.putShort(start + 4, (short) payload);
    out.put(start + 6, (byte) ICMPV6);
    out.put(start + 7, (byte) HOP_LIMIT);
    out.putLong(start + 8, InnerPacket.destinationHigh(packet, offset));
    out.putLong(start + 16, InnerPacket.destinationLow(packet, offset));
    out.putLong(start + 24, InnerPacket.sourceHigh(packet, offset));
    out.putLong(start + 32, InnerPacket.sourceLow(packet, offset));
    putError(out, icmp, TYPE_V6_UNREACHABLE, CODE_V6_ADDRESS);
    out.put(icmp + ICMP_HEADER_BYTES, packet, offset, quoted);
    // The pseudo-header: both addresses, the length and the protocol (RFC 8200 section 8.1).
    long pseudo = InternetChecksum.sum(out, start + 8, 32) + payload + ICMPV6;
    out.putShort(icmp + 2, InternetChecksum.of(out, icmp, payload, pseudo));
    return headers + quoted;
  }

  /** Type and code; checksum and the unused word are zero. */
  private static void putError(ByteBuffer out, int icmp, int type, int code) {
    out.put(icmp, (byte) type);
    out.put(icmp + 1, (byte) code);
    out.putShort(icmp + 2, (short) 0);
    out.putInt(icmp + 4, 0);
  }

  private static boolean mayAnswerV4(ByteBuffer packet, int offset, int length) {
    int headerLength = (packet.get(offset) & 0x0f) * 4;
    return headerLength >= InnerPacket.IPV4_HEADER_BYTES
        && headerLength <= length
        && namesOneHostV4(InnerPacket.sourceV4(packet, offset))
        && namesOneHostV4(InnerPacket.destinationV4(packet, offset))
        && (packet.getShort(offset + 6) & FRAGMENT_OFFSET) == 0
        && !isErrorV4(packet, offset, headerLength, length);
  }

  /** Not "this network", loopback, multicast, reserved or broadcast. */
  private static boolean namesOneHostV4(int address) {
    int first = address >>> 24;
    return first != 0 && first != 127 && first < 224;
  }

  private static boolean isErrorV4(ByteBuffer packet, int offset, int headerLength, int length) {
    if (packet.get(offset + 9) != ICMP) {
      return false;
    }
    if (length <= headerLength) {
      return true; // cut before its type: it may be one
    }
    return switch (packet.get(offset + headerLength)) {
      // unreachable, source quench, redirect, time exceeded, parameter problem
      case 3, 4, 5, 11, 12 -> true;
      default -> false;
    };
  }

  private static boolean mayAnswerV6(ByteBuffer packet, int offset, int length) {
    return namesOneHostV6(
            InnerPacket.sourceHigh(packet, offset), InnerPacket.sourceLow(packet, offset))
        && namesOneHostV6(
            InnerPacket.destinationHigh(packet, offset), InnerPacket.destinationLow(packet, offset))
        && Ipv6Extensions.mayBeAnswered(packet, offset, length);
  }

  /** Not unspecified, loopback or multicast. */
  private static boolean namesOneHostV6(long high, long low) {
    boolean unspecifiedOrLoopback = high == 0 && (low == 0 || low == 1);
    return !unspecifiedOrLoopback && high >>> 56 != 0xff;
  }
}
