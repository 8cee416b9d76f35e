package io.wgnetty.config;

import io.wgnetty.allowedips.IpPrefix;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Finds addresses that are still free in the interface's networks, in the time that it takes to
 * sort what is taken.
 */
public final class AddressPool {
  private static final int IPV4_BITS = 32;

  private final List<Network> networks = new ArrayList<>();

  /** Addresses one after the other, both ends among them. */
  private record Range(BigInteger first, BigInteger last) {
    static Range of(IpPrefix prefix) {
      BigInteger first = new BigInteger(1, prefix.addressBytes());
      BigInteger size = BigInteger.ONE.shiftLeft(bits(prefix) - prefix.length());
      return new Range(first, first.add(size).subtract(BigInteger.ONE));
    }
  }

  /** One of the interface's networks, gone through from its lowest address on. */
  private static final class Network {
    private final IpPrefix prefix;
    private final List<Range> taken = new ArrayList<>();
    private final Range all;
    private BigInteger free;
    private int passed;

    /** What other networks gave away of this one. */
    private final Set<BigInteger> gone = new HashSet<>();

    Network(IpPrefix prefix) {
      this.prefix = prefix;
      all = usable(prefix);
      free = all.first;
    }

    InterfaceAddress next() {
      do {
        while (passed < taken.size() && taken.get(passed).first.compareTo(free) <= 0) {
          free = free.max(taken.get(passed++).last.add(BigInteger.ONE));
        }
      } while (skipGone());
      if (free.compareTo(all.last) > 0) {
        throw new IllegalStateException(
            "the network "
                + prefix
                + " is full: the interface and its peers have all its addresses");
      }
      BigInteger found = free;
      free = free.add(BigInteger.ONE);
      return new InterfaceAddress(host(found, prefix), prefix.length());
    }

    private boolean skipGone() {
      if (!gone.remove(free)) {
        return false;
      }
      free = free.add(BigInteger.ONE);
      return true;
    }

    void giveAway(IpPrefix host) {
      List<Range> inside = new ArrayList<>(1);
      addIfInside(inside, prefix, host);
      inside.forEach(range -> gone.add(range.first));
    }
  }

  /**
   * What is free. Taken are the interface's own addresses, a network's own and its broadcast
   * address, and what is allowed to a peer within the network, by the file or {@code running}. What
   * reaches beyond it, as a default route does, takes nothing.
   *
   * @throws IllegalStateException if there is no network; the message says so
   */
  public AddressPool(InterfaceSettings settings, List<PeerSettings> peers, List<IpPrefix> running) {
    Set<IpPrefix> prefixes = new LinkedHashSet<>();
    for (InterfaceAddress address : settings.addresses()) {
      if (address.prefixLength() < address.host().length()) {
        prefixes.add(address.network());
      }
    }
    if (prefixes.isEmpty()) {
      throw new IllegalStateException(
          "the interface has no network to take addresses from: no Address with a prefix length"
              + " below /32 or /128");
    }
    for (IpPrefix prefix : prefixes) {
      var network = new Network(prefix);
      List<Range> taken = network.taken;
      settings.addresses().forEach(own -> addIfInside(taken, prefix, own.host()));
      running.forEach(other -> addIfInside(taken, prefix, other));
      for (PeerSettings peer : peers) {
        peer.allowedIps().forEach(other -> addIfInside(taken, prefix, other));
      }
      taken.sort(Comparator.comparing(Range::first));
      networks.add(network);
    }
  }

  /**
   * The lowest free address of each network of the interface, with the network's prefix length;
   * from then on it is taken.
   *
   * @throws IllegalStateException if a network is full; the message says which
   */
  public List<InterfaceAddress> take() {
    List<InterfaceAddress> found = new ArrayList<>(networks.size());
    for (Network network : networks) {
      InterfaceAddress next = network.next();
      found.add(next);
      networks.stream()
          .filter(other -> other != network)
          .forEach(other -> other.giveAway(next.host()));
    }
    return found;
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
