package io.wgnetty.config;

import java.util.OptionalInt;

/** Which MTUs an interface may have, and which of them are hardly meant. */
final class MtuCheck {
  /** The least that the kernel takes for an interface of this kind. */
  static final int LEAST = 68;

  /**
   * What a UDP datagram over IPv4 carries (65,507 bytes), without header and tag of the message.
   */
  static final int GREATEST = 65_507 - 32;

  /** Every IPv4 host takes packets of this size (RFC 791). */
  private static final int USUAL_LEAST = 576;

  /** Every IPv6 link carries packets of this size (RFC 8200). */
  private static final int IPV6_LEAST = 1280;

  private static final int ETHERNET = 1500;

  /** Outer IPv6 header 40, UDP 8, message header 16, tag 16 bytes. */
  static final int OVERHEAD = 80;

  private MtuCheck() {}

  static void warn(
      int mtu, boolean hasIpv6, OptionalInt largestMtu, Place place, Findings findings) {
    String key = Keyword.MTU.written();
    if (mtu < USUAL_LEAST) {
      findings.warning(place, key, mtu + " is very small; 1280 to 1420 is usual");
    } else if (mtu < IPV6_LEAST && hasIpv6) {
      findings.warning(
          place,
          key,
          mtu + " is too small for IPv6, which needs 1280: its addresses will not work");
    }
    if (mtu > ETHERNET - OVERHEAD) {
      findings.warning(
          place,
          key,
          "packets of "
              + mtu
              + " bytes become datagrams of up to "
              + (mtu + OVERHEAD)
              + ", too large for an Ethernet path (1500); 1420 fits it");
    } else if (largestMtu.isPresent() && mtu + OVERHEAD > largestMtu.getAsInt()) {
      findings.warning(
          place,
          key,
          "packets of "
              + mtu
              + " bytes become datagrams of up to "
              + (mtu + OVERHEAD)
              + ", too large for this machine's interfaces (at most "
              + largestMtu.getAsInt()
              + "); "
              + (largestMtu.getAsInt() - OVERHEAD)
              + " fits");
    }
  }
}
