package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Route;
import java.util.Collection;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/** A set of prefixes that tells whether one of them holds another prefix. */
final class PrefixCover {
  private final Set<IpPrefix> prefixes = new HashSet<>();
  private final Set<Integer> lengths = new TreeSet<>();

  PrefixCover(Collection<Route> routes) {
    for (Route route : routes) {
      prefixes.add(route.destination());
      lengths.add(route.destination().length());
    }
  }

  /** Whether all of it is in one of ours. */
  boolean holds(IpPrefix prefix) {
    for (int length : lengths) {
      if (length > prefix.length()) {
        return false;
      }
      if (prefixes.contains(new IpPrefix(prefix.isIpv6(), prefix.high(), prefix.low(), length))) {
        return true;
      }
    }
    return false;
  }
}
