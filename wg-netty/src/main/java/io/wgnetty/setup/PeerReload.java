package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The difference between the peers that run and those of a file: found first, as a whole, then made
 * without touching what is the same on both sides.
 */
final class PeerReload {
  private final DeviceControl device;
  private final FileMemory memory;
  private final EndpointNames names;
  private final BesidePeers beside;

  /** The only peers that may change; {@code null} for all. */
  private final @Nullable Set<PublicKey> only;

  /** To which peer the file gives a prefix; the last one that names it, as with wg. */
  private final Map<IpPrefix, PublicKey> owners = new HashMap<>();

  private final Map<PublicKey, PeerSettings> wanted = new HashMap<>();

  /** The keys of all that ran when it was compared. */
  private final Set<PublicKey> running = new HashSet<>();

  private final List<PeerChange> removals = new ArrayList<>();
  private final List<PeerChange> changes = new ArrayList<>();
  private final List<PeerChange> additions = new ArrayList<>();

  /** What the names of the file lead to now. */
  private Map<EndpointName, NameAnswer> answers = Map.of();

  private PeerReload(
      InterfaceParts parts, FileMemory memory, BesidePeers beside, @Nullable Set<PublicKey> only) {
    this.beside = beside;
    this.device = parts.device();
    this.names = parts.names();
    this.memory = memory;
    this.only = only;
  }

  /**
   * Compares, and changes nothing. All names that matter are looked up for it.
   *
   * @param only the peers that are compared; {@code null} for all
   */
  static PeerReload compare(
      InterfaceParts parts,
      FileMemory memory,
      BesidePeers beside,
      Configuration configuration,
      @Nullable Set<PublicKey> only)
      throws SetupException, InterruptedException {
    var reload = new PeerReload(parts, memory, beside, only);
    try {
      reload.answers = parts.resolver().lookUpAll(reload.endpoints(configuration));
      reload.compare(configuration);
      return reload;
    } catch (SetupException | InterruptedException | RuntimeException e) {
      reload.wipe();
      throw e;
    }
  }

  private void compare(Configuration configuration) throws SetupException, InterruptedException {
    for (PeerSettings peer : configuration.peers()) {
      wanted.put(peer.publicKey(), peer);
      peer.allowedIps().forEach(prefix -> owners.put(prefix, peer.publicKey()));
    }
    compareRunning();
    for (PeerSettings peer : configuration.peers()) {
      if (isMeant(peer.publicKey()) && !running.contains(peer.publicKey())) {
        additions.add(addition(peer));
      }
    }
  }

  private List<EndpointName> endpoints(Configuration configuration) {
    return EndpointNames.of(
        configuration.peers().stream().filter(peer -> isMeant(peer.publicKey())).toList());
  }

  private boolean isMeant(PublicKey key) {
    return only == null || only.contains(key);
  }

  private void compareRunning() throws SetupException, InterruptedException {
    List<PublicKey> keys =
        device.peerKeys().stream()
            .filter(this::isMeant)
            .filter(key -> wanted.containsKey(key) || !beside.has(key))
            .toList();
    RunningPeers.visit(
        device,
        keys,
        peer -> {
          try {
            compare(peer);
          } finally {
            peer.presharedKey().wipe();
          }
        });
    running.addAll(keys);
  }

  private void compare(PeerSnapshot running) {
    PublicKey key = running.publicKey();
    PeerSettings file = wanted.get(key);
    if (file == null) {
      removals.add(new PeerChange(key, true, true, null, null, null, false, List.of()));
      return;
    }
    boolean sameKey = running.presharedKey().sameAs(file.presharedKey());
    Endpoint endpoint = newEndpoint(running, file);
    boolean sameKeepalive = running.keepaliveSeconds() == file.keepaliveSeconds();
    List<PeerChange.AllowedIp> allowedIps = allowedIpChanges(running, file);
    if (sameKey && endpoint == null && sameKeepalive && allowedIps.isEmpty()) {
      return;
    }
    changes.add(
        new PeerChange(
            key,
            false,
            true,
            sameKey ? null : file.presharedKey().copy(),
            endpoint,
            sameKeepalive ? null : Integer.valueOf(file.keepaliveSeconds()),
            false,
            allowedIps));
  }

  private PeerChange addition(PeerSettings peer) {
    EndpointName name = peer.endpoint();
    return new PeerChange(
        peer.publicKey(),
        false,
        false,
        peer.presharedKey().copy(),
        name == null ? null : WireGuardSettings.first(name, answers),
        peer.keepaliveSeconds(),
        true,
        WireGuardSettings.additions(List.copyOf(ownPrefixes(peer))));
  }

  /**
   * {@code null} if it stays: a peer that has moved stays where it is until the file changes, or
   * its name leads elsewhere.
   */
  private @Nullable Endpoint newEndpoint(PeerSnapshot running, PeerSettings file) {
    EndpointName name = file.endpoint();
    if (name == null) {
      return null;
    }
    Endpoint first = WireGuardSettings.first(name, answers);
    if (first == null) {
      return null;
    }
    NameAnswer answer = answers.getOrDefault(name, NameAnswer.of(List.of(first)));
    Endpoint now = running.endpoint() == null ? null : running.endpoint().withoutLocal();
    if (now == null || answer.endpoints().contains(now)) {
      return now == null ? first : null;
    }
    FileMemory.PeerMemory before = memory.peer(file.publicKey());
    if (before == null || !name.equals(before.endpoint())) {
      return first;
    }
    List<Endpoint> old = names.addresses(file.publicKey());
    boolean moved = EndpointResolver.number(name) == null && !answer.hasSameAddresses(old);
    boolean aliveElsewhere = !old.contains(now) && isAlive(running);
    return moved && !aliveElsewhere ? first : null;
  }

  private static boolean isAlive(PeerSnapshot running) {
    long sinceNs = System.currentTimeMillis() * 1_000_000 - running.lastHandshakeNanos();
    return sinceNs < EndpointNames.SILENT_SECONDS * 1_000_000_000L;
  }

  private Set<IpPrefix> ownPrefixes(PeerSettings peer) {
    Set<IpPrefix> own = new LinkedHashSet<>();
    for (IpPrefix prefix : peer.allowedIps()) {
      if (peer.publicKey().equals(owners.get(prefix))) {
        own.add(prefix);
      }
    }
    return own;
  }

  private List<PeerChange.AllowedIp> allowedIpChanges(PeerSnapshot running, PeerSettings file) {
    Set<IpPrefix> own = ownPrefixes(file);
    List<IpPrefix> present = running.allowedIps();
    if (own.size() == present.size() && own.containsAll(present)) {
      return List.of();
    }
    // What comes stands before what goes: an address that both cover is never nobody's.
    List<PeerChange.AllowedIp> lines = new ArrayList<>();
    Set<IpPrefix> presentSet = new HashSet<>(present);
    for (IpPrefix prefix : own) {
      if (!presentSet.contains(prefix)) {
        lines.add(new PeerChange.AllowedIp(prefix, false));
      }
    }
    for (IpPrefix prefix : present) {
      // One that goes to another peer is given there, in one step.
      if (!own.contains(prefix) && !owners.containsKey(prefix)) {
        lines.add(new PeerChange.AllowedIp(prefix, true));
      }
    }
    return lines;
  }

  /**
   * Makes the changes. Peers go last: a prefix of theirs that another peer gets is never nobody's,
   * nor that of a peer with a wider one. Only if there would be too many at once they go first.
   */
  void apply(Configuration configuration, ReloadReport.Builder report) {
    if (only == null) {
      names.configure(configuration, answers);
    } else {
      names.configure(only, wanted, answers);
    }
    boolean roomForAll =
        running.size() + beside.size() + additions.size() <= DeviceControl.MAX_PEERS;
    report.attempt(
        "",
        () -> {
          if (!roomForAll) {
            remove(report);
          }
          apply(changes);
          report.peers(0, 0, changes.size());
          apply(additions);
          // One with our own key is not taken, silently, as with wg.
          long taken = additions.stream().filter(peer -> device.hasPeer(peer.publicKey())).count();
          report.peers((int) taken, 0, 0);
          if (roomForAll) {
            remove(report);
          }
        });
    report.attempt("", () -> name(report));
    report.attempt("", () -> limit(configuration.settings().groups(), report));
  }

  private void remove(ReloadReport.Builder report) {
    apply(removals);
    report.peers(0, removals.size(), 0);
  }

  /** Gives the peers the names that the file has for them. */
  private void name(ReloadReport.Builder report) {
    int named = 0;
    for (PeerSettings peer : wanted.values()) {
      if (isMeant(peer.publicKey())
          && !Objects.equals(device.label(peer.publicKey()), peer.label())) {
        device.setLabel(peer.publicKey(), peer.label());
        named += running.contains(peer.publicKey()) ? 1 : 0;
      }
    }
    if (named > 0) {
      report.changed(named == 1 ? "1 name changed" : named + " names changed");
    }
  }

  /** Gives the peers and the groups the limits that the file has for them. */
  private void limit(Map<String, PeerLimit> groups, ReloadReport.Builder report) {
    if (!groups.equals(device.limits().groups())) {
      device.limits().setGroups(groups);
      report.changed("limits of groups changed");
    }
    Map<PublicKey, PeerLimit> limits = new HashMap<>();
    int limited = 0;
    for (PeerSettings peer : wanted.values()) {
      PublicKey key = peer.publicKey();
      if (isMeant(key) && !peer.limit().equals(device.limits().of(key))) {
        limits.put(key, peer.limit());
        limited += running.contains(key) ? 1 : 0;
      }
    }
    device.limits().set(limits);
    if (limited > 0) {
      report.changed(limited == 1 ? "1 limit changed" : limited + " limits changed");
    }
  }

  private void apply(List<PeerChange> all) {
    for (int i = 0; i < all.size(); i += RunningPeers.PER_CALL) {
      int end = Math.min(all.size(), i + RunningPeers.PER_CALL);
      device.apply(List.copyOf(all.subList(i, end)));
    }
  }

  /** Overwrites the secrets in it, if it is not applied. */
  void wipe() {
    for (List<PeerChange> list : List.of(changes, additions)) {
      for (PeerChange change : list) {
        PresharedKey key = change.presharedKey();
        if (key != null) {
          key.wipe();
        }
      }
    }
  }
}
