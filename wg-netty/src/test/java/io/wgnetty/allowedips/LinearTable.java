package io.wgnetty.allowedips;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Allowed IPs as a plain list that every lookup goes through: slow, and plainly right. */
final class LinearTable {
  private static final class Route {
    final byte[] network;
    final int length;
    final TestPeer peer;

    Route(IpPrefix prefix, TestPeer peer) {
      this.network = prefix.addressBytes();
      this.length = prefix.length();
      this.peer = peer;
    }
  }

  private final Map<IpPrefix, Route> ipv4 = new HashMap<>();
  private final Map<IpPrefix, Route> ipv6 = new HashMap<>();

  void insert(IpPrefix prefix, TestPeer peer) {
    routes(prefix.isIpv6()).put(prefix, new Route(prefix, peer));
  }

  void remove(IpPrefix prefix, TestPeer peer) {
    routes(prefix.isIpv6())
        .computeIfPresent(prefix, (p, route) -> route.peer.equals(peer) ? null : route);
  }

  void removeAll(TestPeer peer) {
    ipv4.values().removeIf(route -> route.peer.equals(peer));
    ipv6.values().removeIf(route -> route.peer.equals(peer));
  }

  @Nullable TestPeer lookup(byte[] address) {
    Route best = null;
    for (Route route : routes(address.length == 16).values()) {
      if (covers(route, address) && (best == null || route.length > best.length)) {
        best = route;
      }
    }
    return best == null ? null : best.peer;
  }

  int size() {
    return ipv4.size() + ipv6.size();
  }

  private Map<IpPrefix, Route> routes(boolean isIpv6) {
    return isIpv6 ? ipv6 : ipv4;
  }

  private static boolean covers(Route route, byte[] address) {
    for (int bit = 0; bit < route.length; bit++) {
      int mask = 0x80 >>> bit % 8;
      if ((route.network[bit / 8] & mask) != (address[bit / 8] & mask)) {
        return false;
      }
    }
    return true;
  }
}
