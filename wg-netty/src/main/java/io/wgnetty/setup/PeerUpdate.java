package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Brings one peer, and the routes to its allowed IPs, to what the file says of it. Whatever else
 * differs between the file and what runs stays as it is, such as peers that the file does not have
 * and sections that somebody is still writing.
 */
final class PeerUpdate {
  private final InterfaceParts parts;
  private final FileMemory memory;
  private final BesidePeers beside;
  private final PublicKey key;
  private final @Nullable PeerSettings wanted;

  private PeerUpdate(
      InterfaceParts parts,
      FileMemory memory,
      BesidePeers beside,
      PublicKey key,
      @Nullable PeerSettings wanted) {
    this.beside = beside;
    this.parts = parts;
    this.memory = memory;
    this.key = key;
    this.wanted = wanted;
  }

  /**
   * Makes the change.
   *
   * @param file where the peer is, or is no longer
   * @throws SetupException if the peer cannot be as the file says; a new one is not there then
   */
  static ReloadReport apply(
      InterfaceParts parts,
      FileMemory memory,
      BesidePeers beside,
      Configuration file,
      PublicKey key)
      throws SetupException, InterruptedException {
    PeerSettings wanted =
        file.peers().stream().filter(peer -> peer.publicKey().equals(key)).findFirst().orElse(null);
    return new PeerUpdate(parts, memory, beside, key, wanted).apply(file);
  }

  private ReloadReport apply(Configuration file) throws SetupException, InterruptedException {
    boolean isNew = !parts.device().hasPeer(key);
    Set<IpPrefix> before = allowedIps();
    PeerReload peers = PeerReload.compare(parts, memory, beside, file, key);
    var report = new ReloadReport.Builder();
    peers.apply(file, report);
    Set<IpPrefix> after = allowedIps();
    changeRoutes(before, after, report);
    ReloadReport done = report.build();
    if (isNew && !done.failures().isEmpty()) {
      takeBack(after);
      throw new SetupException("peer", key.toBase64(), String.join("; ", done.failures()));
    }
    memory.remember(key, wanted);
    return done;
  }

  /** A new peer whose routes could not be made: as if it had never been there. */
  private void takeBack(Set<IpPrefix> prefixes) {
    parts
        .device()
        .apply(List.of(new PeerChange(key, true, true, null, null, null, false, List.of())));
    parts.names().configure(key, null, Map.of());
    changeRoutes(prefixes, Set.of(), new ReloadReport.Builder());
  }

  private Set<IpPrefix> allowedIps() throws SetupException, InterruptedException {
    Set<IpPrefix> prefixes = new HashSet<>();
    RunningPeers.visit(
        parts.device(),
        List.of(key),
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
