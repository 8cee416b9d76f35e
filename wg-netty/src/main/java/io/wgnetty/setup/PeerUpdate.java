package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Brings some peers, and the routes to their allowed IPs, to what the file says of them. Whatever
 * else differs between the file and what runs stays as it is, such as peers that the file does not
 * have and sections that somebody is still writing.
 */
final class PeerUpdate {
  private final InterfaceParts parts;
  private final FileMemory memory;
  private final BesidePeers beside;
  private final Set<PublicKey> keys;

  private PeerUpdate(
      InterfaceParts parts, FileMemory memory, BesidePeers beside, Set<PublicKey> keys) {
    this.beside = beside;
    this.parts = parts;
    this.memory = memory;
    this.keys = keys;
  }

  /**
   * Makes the change.
   *
   * @param file where the peers are, or are no longer
   * @throws SetupException if they cannot be as the file says; new ones are not there then
   */
  static ReloadReport apply(
      InterfaceParts parts,
      FileMemory memory,
      BesidePeers beside,
      Configuration file,
      Set<PublicKey> keys)
      throws SetupException, InterruptedException {
    return new PeerUpdate(parts, memory, beside, keys).apply(file);
  }

  private ReloadReport apply(Configuration file) throws SetupException, InterruptedException {
    Set<PublicKey> news = new LinkedHashSet<>();
    keys.stream().filter(key -> !parts.device().hasPeer(key)).forEach(news::add);
    Set<IpPrefix> before = allowedIps();
    PeerReload peers = PeerReload.compare(parts, memory, beside, file, keys);
    var report = new ReloadReport.Builder();
    peers.apply(file, report);
    Set<IpPrefix> after = allowedIps();
    changeRoutes(before, after, report);
    ReloadReport done = report.build();
    if (!news.isEmpty() && !done.failures().isEmpty()) {
      takeBack(news, after);
      String whose = news.iterator().next().toBase64();
      throw new SetupException(
          "peer",
          news.size() == 1 ? whose : whose + " and " + (news.size() - 1) + " more",
          String.join("; ", done.failures()));
    }
    memory.remember(file, keys);
    return done;
  }

  /** New peers whose routes could not be made: as if they had never been there. */
  private void takeBack(Set<PublicKey> news, Set<IpPrefix> prefixes) {
    List<PeerChange> removals =
        news.stream()
            .map(key -> new PeerChange(key, true, true, null, null, null, false, List.of()))
            .toList();
    for (int i = 0; i < removals.size(); i += RunningPeers.PER_CALL) {
      int end = Math.min(removals.size(), i + RunningPeers.PER_CALL);
      parts.device().apply(removals.subList(i, end));
    }
    parts.names().configure(news, Map.of(), Map.of());
    changeRoutes(prefixes, Set.of(), new ReloadReport.Builder());
  }

  private Set<IpPrefix> allowedIps() throws SetupException, InterruptedException {
    Set<IpPrefix> prefixes = new HashSet<>();
    RunningPeers.visit(
        parts.device(),
        keys.stream().filter(parts.device()::hasPeer).toList(),
        peer -> {
          peer.presharedKey().wipe();
          prefixes.addAll(peer.allowedIps());
        });
    return prefixes;
  }

  private void changeRoutes(
      Set<IpPrefix> before, Set<IpPrefix> after, ReloadReport.Builder report) {
    InterfaceSettings settings = memory.settings();
    RouteTable table = settings.table();
    if (before.equals(after) || table.kind() == RouteTable.Kind.OFF) {
      return;
    }
    boolean auto = table.kind() == RouteTable.Kind.AUTO;
    int number = auto ? Route.MAIN_TABLE : table.number();
    List<Route> routes = new ArrayList<>();
    for (IpPrefix prefix : after) {
      if (!auto || prefix.length() > 0) {
        routes.add(new Route(prefix, parts.link().index(), number));
      }
    }
    report.attempt("", () -> parts.routes().changeOnly(before, routes, report));
    if (auto && (hasDefault(before) || hasDefault(after))) {
      report.attempt("", () -> changeDefaultRoute(settings, report));
    }
  }

  private static boolean hasDefault(Set<IpPrefix> prefixes) {
    return prefixes.stream().anyMatch(prefix -> prefix.length() == 0);
  }

  private void changeDefaultRoute(InterfaceSettings settings, ReloadReport.Builder report)
      throws SetupException, InterruptedException {
    boolean[] defaults = new boolean[2];
    RunningPeers.visit(
        parts.device(),
        parts.device().peerKeys(),
        peer -> {
          peer.presharedKey().wipe();
          for (IpPrefix prefix : peer.allowedIps()) {
            defaults[prefix.isIpv6() ? 1 : 0] |= prefix.length() == 0;
          }
        });
    var plan = new RoutePlan(List.of(), defaults[0], defaults[1]);
    parts.policy().change(plan, settings.fwmark(), parts.addresses().present(), report);
  }
}
