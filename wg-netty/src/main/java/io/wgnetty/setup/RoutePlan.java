package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The routes that a file asks for.
 *
 * @param routes the most specific first
 * @param defaultIpv4 whether all IPv4 traffic is to go through the interface, by policy rules
 * @param defaultIpv6 whether all IPv6 traffic is
 */
record RoutePlan(List<Route> routes, boolean defaultIpv4, boolean defaultIpv6) {
  /**
   * The plan for a file.
   *
   * @param taken which peers the device has taken: not one with our own key
   */
  static RoutePlan of(Configuration configuration, int linkIndex, Predicate<PublicKey> taken) {
    RouteTable table = configuration.settings().table();
    if (table.kind() == RouteTable.Kind.OFF) {
      return new RoutePlan(List.of(), false, false);
    }
    boolean auto = table.kind() == RouteTable.Kind.AUTO;
    int number = auto ? Route.MAIN_TABLE : table.number();
    List<Route> routes = new ArrayList<>();
    boolean ipv4 = false;
    boolean ipv6 = false;
    for (IpPrefix prefix : prefixes(configuration, taken)) {
      if (auto && prefix.length() == 0) {
        ipv4 |= !prefix.isIpv6();
        ipv6 |= prefix.isIpv6();
      } else {
        routes.add(new Route(prefix, linkIndex, number));
      }
    }
    routes.sort(Comparator.comparingInt((Route route) -> route.destination().length()).reversed());
    return new RoutePlan(List.copyOf(routes), ipv4, ipv6);
  }

  boolean hasIpv6() {
    return defaultIpv6 || routes.stream().anyMatch(route -> route.destination().isIpv6());
  }

  RoutePlan withoutIpv6() {
    List<Route> ipv4 = routes.stream().filter(route -> !route.destination().isIpv6()).toList();
    return new RoutePlan(ipv4, defaultIpv4, false);
  }

  private static Set<IpPrefix> prefixes(Configuration configuration, Predicate<PublicKey> taken) {
    Set<IpPrefix> prefixes = new LinkedHashSet<>();
    for (PeerSettings peer : configuration.peers()) {
      if (taken.test(peer.publicKey())) {
        prefixes.addAll(peer.allowedIps());
      }
    }
    return prefixes;
  }
}
