package io.wgnetty.inner;

import java.nio.ByteBuffer;

/**
 * Explicit congestion notification through the tunnel (RFC 6040, protocol 4.5). Of the traffic
 * class only these two bits travel; the DSCP of the inner packet is never shown.
 */
public final class Ecn {
  public static final int NOT_ECT = 0;
  public static final int ECT_1 = 1;
  public static final int ECT_0 = 2;
  public static final int CE = 3;

  private static final int MASK = 3;
  private static final int IPV4_CHECKSUM = 10;

  /** The traffic class of IPv6 begins in the middle of a byte: its low bits are these of byte 1. */
  private static final int IPV6_SHIFT = 4;

  private Ecn() {}

  /** The outer codepoint for an inner one. CE is not shown, or it would be counted twice. */
  public static int encapsulate(int inner) {
    return inner == CE ? ECT_0 : inner;
  }

  /** The inner codepoint after the packet arrived in a datagram with the outer one. */
  public static int decapsulate(int inner, int outer) {
    if (inner == NOT_ECT || inner == CE) {
      // RFC 6040 would drop Not-ECT in CE; WireGuard delivers it unchanged.
      return inner;
    }
    if (outer == CE) {
      return CE;
    }
    return inner == ECT_0 && outer == ECT_1 ? ECT_1 : inner;
  }

  /** The codepoint of an IP packet. */
  public static int of(ByteBuffer packet, int offset) {
    int second = packet.get(offset + 1);
    return (InnerPacket.isIpv6(packet, offset) ? second >> IPV6_SHIFT : second) & MASK;
  }

  /**
   * Brings the outer congestion mark into a decrypted packet: protocol 4.1 step 14.
   *
   * @param outerTrafficClass the TOS or traffic class that the datagram came with
   */
  public static void decapsulate(ByteBuffer packet, int offset, int outerTrafficClass) {
    if ((outerTrafficClass & MASK) == NOT_ECT) {
      return; // nearly always, and it says nothing
    }
    int inner = of(packet, offset);
    int result = decapsulate(inner, outerTrafficClass & MASK);
    if (result == inner) {
      return;
    }
    if (InnerPacket.isIpv6(packet, offset)) {
      int second = packet.get(offset + 1) & ~(MASK << IPV6_SHIFT);
      packet.put(offset + 1, (byte) (second | result << IPV6_SHIFT));
      return;
    }
    short oldWord = packet.getShort(offset);
    short newWord = (short) ((oldWord & ~MASK) | result);
    packet.putShort(offset, newWord);
    short checksum = packet.getShort(offset + IPV4_CHECKSUM);
    packet.putShort(offset + IPV4_CHECKSUM, InternetChecksum.updated(checksum, oldWord, newWord));
  }
}
