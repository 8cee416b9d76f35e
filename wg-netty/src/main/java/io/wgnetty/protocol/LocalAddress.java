package io.wgnetty.protocol;

/**
 * Which of our own addresses a datagram was sent to, and an answer to it leaves from (protocol
 * 4.4). Of the same family as the {@link Endpoint} that it is a part of.
 *
 * @param high the upper 64 bits of an IPv6 address; 0 for IPv4
 * @param low the lower 64 bits of an IPv6 address, or the IPv4 address
 * @param interfaceIndex the interface that an IPv6 link-local address belongs to; else 0, so that
 *     the answer may take any route
 */
public record LocalAddress(long high, long low, int interfaceIndex) {
  private static final long LINK_LOCAL = 0xfe80_0000_0000_0000L;
  private static final long LINK_LOCAL_MASK = 0xffc0_0000_0000_0000L;

  /** Whether the upper half is that of a link-local IPv6 address, fe80::/10. */
  public static boolean isLinkLocal(long high) {
    return (high & LINK_LOCAL_MASK) == LINK_LOCAL;
  }
}
