package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.PolicyRule;
import io.wgnetty.netlink.Route;
import io.wgnetty.netlink.RouteChoice;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A kernel that only remembers. */
final class FakeNetwork implements KernelNetwork {
  static final int WG = 7;
  static final int ETHERNET = 2;
  private static final int EEXIST = 17;
  private static final int ESRCH = 3;
  private static final int EADDRNOTAVAIL = 99;

  private final Journal journal;
  final Map<Integer, Link> links = new LinkedHashMap<>();
  final Set<LinkAddress> addresses = new LinkedHashSet<>();
  final Set<Route> routes = new LinkedHashSet<>();

  /** Of those that have one. */
  final Map<Route, Integer> protocols = new HashMap<>();

  final List<PolicyRule> rules = new ArrayList<>();
  final Map<IpPrefix, RouteChoice> choices = new HashMap<>();
  @Nullable RouteChoice defaultRoute = new RouteChoice(ETHERNET, 0);
  @Nullable RouteChoice defaultRouteIpv6 = new RouteChoice(ETHERNET, 0);

  /** As real kernels do: an IPv4 network's route comes with the first address in it. */
  boolean makesConnectedRoutes = true;

  FakeNetwork(Journal journal) {
    this.journal = journal;
    links.put(ETHERNET, new Link(ETHERNET, "eth0", true, 1500));
    links.put(WG, new Link(WG, "wg0", false, 1420));
  }

  /** All that setting up may change, to be compared. */
  String state() {
    return "link "
        + links.get(WG)
        + "\naddresses "
        + addresses
        + "\nroutes "
        + routes
        + "\nrules "
        + rules;
  }

  @Override
  public @Nullable Link link(String name) {
    return links.values().stream().filter(l -> l.name().equals(name)).findFirst().orElse(null);
  }

  @Override
  public @Nullable Link link(int index) {
    return links.get(index);
  }

  @Override
  public void setLink(int index, int mtu, boolean up) throws NetlinkException {
    journal.note("link mtu " + mtu + (up ? " up" : " down"));
    links.put(index, new Link(index, "wg0", up, mtu));
  }

  @Override
  public void disableRedirects(int linkIndex) throws NetlinkException {
    journal.note("link without redirects");
  }

  @Override
  public void disableLinkLocalAddresses(int linkIndex) throws NetlinkException {
    journal.note("link without link-local addresses");
  }

  @Override
  public void addAddress(int linkIndex, LinkAddress address) throws NetlinkException {
    journal.note("address add " + address);
    if (!addresses.add(address)) {
      throw Journal.refusal(EEXIST, "Address already assigned");
    }
    if (makesConnectedRoutes && address.prefixLength() < address.host().length()) {
      routes.add(connected(address));
    }
  }

  private static Route connected(LinkAddress address) {
    IpPrefix host = address.host();
    return new Route(
        new IpPrefix(host.isIpv6(), host.high(), host.low(), address.prefixLength()),
        WG,
        Route.MAIN_TABLE);
  }

  @Override
  public void removeAddress(int linkIndex, LinkAddress address) throws NetlinkException {
    journal.note("address remove " + address);
    if (!addresses.remove(address)) {
      throw Journal.refusal(EADDRNOTAVAIL, "");
    }
    routes.remove(connected(address));
    if (addresses.stream().noneMatch(a -> a.host().isIpv6() == address.host().isIpv6())) {
      routes.removeIf(
          route ->
              route.linkIndex() == WG && route.destination().isIpv6() == address.host().isIpv6());
    }
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) {
    return List.copyOf(addresses);
  }

  @Override
  public void addRoute(Route route) throws NetlinkException {
    journal.note("route add " + route);
    boolean taken =
        routes.stream()
            .anyMatch(
                r ->
                    r.destination().equals(route.destination())
                        && r.table() == route.table()
                        && r.refusalMetric() == route.refusalMetric());
    if (taken) {
      throw Journal.refusal(EEXIST, "");
    }
    routes.add(route);
  }

  @Override
  public void removeRoute(Route route) throws NetlinkException {
    journal.note("route remove " + route);
    if (!routes.remove(route)) {
      throw Journal.refusal(ESRCH, "");
    }
  }

  @Override
  public void addRoute(Route route, int protocol) throws NetlinkException {
    addRoute(route);
    protocols.put(route, protocol);
  }

  @Override
  public void removeRoute(Route route, int protocol) throws NetlinkException {
    if (!protocols.remove(route, protocol)) {
      throw Journal.refusal(ESRCH, "");
    }
    removeRoute(route);
  }

  @Override
  public List<Route> routes(boolean ipv6, int table, int linkIndex, int protocol) {
    return routes(ipv6, table, linkIndex).stream()
        .filter(route -> protocols.getOrDefault(route, 0) == protocol)
        .toList();
  }

  @Override
  public List<Route> refusals(boolean ipv6, int table) {
    return routes(ipv6, table).stream().filter(route -> route.refusalMetric() != 0).toList();
  }

  @Override
  public List<Route> routes(boolean ipv6, int table) {
    return routes.stream()
        .filter(r -> r.destination().isIpv6() == ipv6 && r.table() == table)
        .toList();
  }

  @Override
  public List<Route> routes(boolean ipv6, int table, int linkIndex) {
    return routes(ipv6, table).stream().filter(r -> r.linkIndex() == linkIndex).toList();
  }

  @Override
  public @Nullable RouteChoice routeTo(IpPrefix address, int fwmark) {
    return choices.get(address);
  }

  @Override
  public @Nullable RouteChoice defaultRoute() {
    return defaultRoute;
  }

  @Override
  public @Nullable RouteChoice defaultRoute(boolean ipv6) {
    return ipv6 ? defaultRouteIpv6 : defaultRoute;
  }

  @Override
  public void addRule(PolicyRule rule) throws NetlinkException {
    journal.note("rule add " + rule);
    int lowest =
        rules.stream()
            .filter(r -> r.isIpv6() == rule.isIpv6())
            .mapToInt(PolicyRule::priority)
            .min()
            .orElse(32766);
    rules.add(rule.withPriority(lowest - 1));
  }

  @Override
  public void removeRule(PolicyRule rule) throws NetlinkException {
    journal.note("rule remove " + rule);
    if (!rules.remove(rule)) {
      throw Journal.refusal(ESRCH, "");
    }
  }

  @Override
  public List<PolicyRule> rules(boolean ipv6) {
    return rules.stream()
        .filter(r -> r.isIpv6() == ipv6)
        .sorted(Comparator.comparingInt(PolicyRule::priority))
        .toList();
  }
}
