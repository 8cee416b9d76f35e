package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.Route;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Routes to the allowed IPs of peers that have a session here, which say so to routing daemons:
 * they know them by the number of their maker. For one thread.
 */
public final class AnnouncedRoutes {
  /** The number of routes of ours; no program that iproute2 knows has it. */
  public static final int PROTOCOL = 119;

  private final KernelNetwork network;
  private final int linkIndex;
  private final int table;
  private final Map<PublicKey, Set<Route>> ofPeers = new HashMap<>();

  /** Whose each is; a prefix that goes from peer to peer keeps its route. */
  private final Map<Route, PublicKey> owners = new HashMap<>();

  /** Those that could not be made; they are tried again. */
  private final Set<Route> missing = new HashSet<>();

  AnnouncedRoutes(KernelNetwork network, int linkIndex, int table) {
    this.network = network;
    this.linkIndex = linkIndex;
    this.table = table;
  }

  /**
   * A peer is here, with these prefixes. The default routes are not announced: no peer is the way
   * to everywhere.
   *
   * @param failures hears of routes that could not be made or removed
   */
  public void set(PublicKey key, List<IpPrefix> prefixes, Consumer<String> failures) {
    Set<Route> wanted = new HashSet<>();
    for (IpPrefix prefix : prefixes) {
      if (prefix.length() > 0) {
        wanted.add(new Route(prefix, linkIndex, table));
      }
    }
    Set<Route> before = ofPeers.put(key, wanted);
    for (Route route : wanted) {
      if (owners.put(route, key) == null || missing.contains(route)) {
        add(route, failures);
      }
    }
    if (before != null) {
      before.removeAll(wanted);
      before.forEach(route -> release(route, key, failures));
    }
  }

  /** A peer is not here any more. */
  public void remove(PublicKey key, Consumer<String> failures) {
    Set<Route> before = ofPeers.remove(key);
    if (before != null) {
      before.forEach(route -> release(route, key, failures));
    }
  }

  private void release(Route route, PublicKey key, Consumer<String> failures) {
    if (owners.remove(route, key)) {
      missing.remove(route);
      delete(route, failures);
    }
  }

  private void add(Route route, Consumer<String> failures) {
    try {
      network.addRoute(route, PROTOCOL);
      missing.remove(route);
    } catch (NetlinkException e) {
      if (missing.add(route)) {
        failures.accept("route " + route + ": " + e.getMessage());
      }
    }
  }

  private void delete(Route route, Consumer<String> failures) {
    try {
      network.removeRoute(route, PROTOCOL);
    } catch (NetlinkException e) {
      // Gone already: with the link, or by hand.
      if (e.errno() != Errno.ESRCH && e.errno() != Errno.ENODEV) {
        failures.accept("route " + route + ": " + e.getMessage());
      }
    }
  }

  /**
   * Makes what is there what ought to be: what a killed run left goes, what somebody took away, or
   * the kernel when the link was down, comes again.
   */
  public void restore(Consumer<String> failures) {
    Set<Route> present = new HashSet<>();
    try {
      present.addAll(network.routes(false, table, linkIndex, PROTOCOL));
      present.addAll(network.routes(true, table, linkIndex, PROTOCOL));
    } catch (NetlinkException e) {
      failures.accept("routes in table " + table + ": " + e.getMessage());
      return;
    }
    for (Route route : owners.keySet()) {
      if (!present.remove(route)) {
        add(route, failures);
      }
    }
    present.forEach(route -> delete(route, failures));
  }

  /** Nobody is here any more. */
  public void removeAll(Consumer<String> failures) {
    List.copyOf(ofPeers.keySet()).forEach(key -> remove(key, failures));
  }

  /** How many there are. */
  public int size() {
    return owners.size() - missing.size();
  }
}
