package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds addresses that are still free in the interface's networks, in the time that it takes to
 * sort what is taken.
 */
public final class AddressPool {
  private static final int IPV4_BITS = 32;

  private AddressPool() {}

  /** Addresses one after the other, both ends among them. */
  private record Range(BigInteger first, BigInteger last) {
    static Range of(IpPrefix prefix) {
      BigInteger first = new BigInteger(1, prefix.addressBytes());
      BigInteger size = BigInteger.ONE.shiftLeft(bits(prefix) - prefix.length());
      return new Range(first, first.add(size).subtract(BigInteger.ONE));
    }
  }

  /**
   * The lowest free address of each network of the interface, with the network's prefix length.
   * Taken are the interface's own addresses, a network's own and its broadcast address, and what is
   * allowed to a peer within the network, by the file or {@code running}. What reaches beyond it,
   * as a default route does, takes nothing.
   *
   * @throws IllegalStateException if a network is full, or there is none; the message says which
   */
  public static List<InterfaceAddress> next(
      InterfaceSettings settings, List<PeerSettings> peers, List<IpPrefix> running) {
    Set<IpPrefix> networks = new LinkedHashSet<>();
    for (InterfaceAddress address : settings.addresses()) {
      if (address.prefixLength() < address.host().length()) {
        networks.add(address.network());
      }
    }
    if (networks.isEmpty()) {
      throw new IllegalStateException(
          "the interface has no network to take addresses from: no Address with a prefix length"
              + " below /32 or /128");
    }
    List<InterfaceAddress> found = new ArrayList<>();
    for (IpPrefix network : networks) {
      found.add(next(network, settings, peers, running, found));
    }
    return found;
  }

  private static InterfaceAddress next(
      IpPrefix network,
      InterfaceSettings settings,
      List<PeerSettings> peers,
      List<IpPrefix> running,
      List<InterfaceAddress> justFound) {
    List<Range> taken = new ArrayList<>();
    settings.addresses().forEach(own -> addIfInside(taken, network, own.host()));
    justFound.forEach(other -> addIfInside(taken, network, other.host()));
    running.forEach(prefix -> addIfInside(taken, network, prefix));
    for (PeerSettings peer : peers) {
      peer.allowedIps().forEach(prefix -> addIfInside(taken, network, prefix));
    }
    taken.sort(Comparator.comparing(Range::first));
    Range all = usable(network);
    BigInteger free = all.first;
    for (Range range : taken) {
      if (range.first.compareTo(free) > 0) {
        break;
      }
      free = free.max(range.last.add(BigInteger.ONE));
    }
    if (free.compareTo(all.last) > 0) {
      throw new IllegalStateException(
          "the network "
              + network
              + " is full: the interface and its peers have all its addresses");
    }
    return new InterfaceAddress(host(free, network), network.length());
  }

  private static void addIfInside(List<Range> taken, IpPrefix network, IpPrefix prefix) {
    boolean inside =
        prefix.isIpv6() == network.isIpv6()
            && prefix.length() >= network.length()
            && new IpPrefix(prefix.isIpv6(), prefix.high(), prefix.low(), network.length())
                .equals(network);
    if (inside) {
      taken.add(Range.of(prefix));
    }
  }

  /** All but the network's own address and, in IPv4, the one of all hosts. */
  private static Range usable(IpPrefix network) {
    Range range = Range.of(network);
    if (bits(network) - network.length() < 2) {
      return range; // two hosts at a wire need no such addresses (RFC 3021, RFC 6164)
    }
    BigInteger last = network.isIpv6() ? range.last : range.last.subtract(BigInteger.ONE);
    return new Range(range.first.add(BigInteger.ONE), last);
  }

  private static int bits(IpPrefix prefix) {
    return prefix.isIpv6() ? 128 : IPV4_BITS;
  }

  private static IpPrefix host(BigInteger address, IpPrefix network) {
    byte[] bytes = new byte[bits(network) / 8];
    byte[] digits = address.toByteArray(); // perhaps with a zero in front, for the sign
    int count = Math.min(digits.length, bytes.length);
    System.arraycopy(digits, digits.length - count, bytes, bytes.length - count, count);
    return IpPrefix.of(bytes, bits(network));
  }
}
