package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;

/**
 * An address of the interface with the length of its network's prefix: unlike in {@link IpPrefix}
 * the bits of the host count.
 *
 * @param host the address itself, as a prefix of all its 32 or 128 bits
 * @param prefixLength how many bits name the network
 */
public record InterfaceAddress(IpPrefix host, int prefixLength) {
  public InterfaceAddress {
    if (prefixLength < 0 || prefixLength > host.length()) {
      throw new IllegalArgumentException("no address has a network of " + prefixLength + " bits");
    }
  }

  /** The network that the address is in. */
  public IpPrefix network() {
    return new IpPrefix(host.isIpv6(), host.high(), host.low(), prefixLength);
  }

  @Override
  public String toString() {
    String text = host.toString();
    return text.substring(0, text.indexOf('/') + 1) + prefixLength;
  }
}
