package io.wgnetty.netlink;

import io.wgnetty.allowedips.IpPrefix;

/**
 * An address of an interface.
 *
 * @param host the address itself, as a prefix of all its 32 or 128 bits
 * @param prefixLength how many bits name the network that it is in
 */
public record LinkAddress(IpPrefix host, int prefixLength) {
  /** {@code 192.0.2.1/24}. */
  @Override
  public String toString() {
    String text = host.toString();
    return text.substring(0, text.indexOf('/') + 1) + prefixLength;
  }
}
