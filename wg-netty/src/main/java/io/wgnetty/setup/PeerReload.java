package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.peer.IpPrefix;
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
  private final EndpointResolver resolver;

  /** The only peer that may change; {@code null} for all. */
  private final @Nullable PublicKey only;

  /** To which peer the file gives a prefix; the last one that names it, as with wg. */
  private final Map<IpPrefix, PublicKey> owners = new HashMap<>();

  private final Map<PublicKey, PeerSettings> wanted = new HashMap<>();
  private final Map<PublicKey, Endpoint> resolved = new HashMap<>();

  /** The keys of all that ran when it was compared. */
  private final Set<PublicKey> running = new HashSet<>();

  private final List<PeerChange> removals = new ArrayList<>();
  private final List<PeerChange> changes = new ArrayList<>();
  private final List<PeerChange> additions = new ArrayList<>();

  private PeerReload(
      DeviceControl device,
      FileMemory memory,
      EndpointResolver resolver,
      @Nullable PublicKey only) {
    this.device = device;
    this.memory = memory;
    this.resolver = resolver;
    this.only = only;
  }

  /**
   * Compares, and changes nothing.
   *
   * @param only the peer that is compared; {@code null} for all
   * @throws SetupException if the name of an endpoint that is needed can not be resolved
   */
  static PeerReload compare(
      DeviceControl device,
      FileMemory memory,
      EndpointResolver resolver,
      Configuration configuration,
      @Nullable PublicKey only)
      throws SetupException, InterruptedException {
    var reload = new PeerReload(device, memory, resolver, only);
    try {
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

  private boolean isMeant(PublicKey key) {
    return only == null || only.equals(key);
  }

  private void compareRunning() throws SetupException, InterruptedException {
    List<PublicKey> keys = device.peerKeys().stream().filter(this::isMeant).toList();
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

  private void compare(PeerSnapshot running) throws SetupException, InterruptedException {
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

  private PeerChange addition(PeerSettings peer) throws SetupException, InterruptedException {
    EndpointName name = peer.endpoint();
    return new PeerChange(
        peer.publicKey(),
        false,
        false,
        peer.presharedKey().copy(),
        name == null ? null : resolve(peer.publicKey(), name),
        peer.keepaliveSeconds(),
        true,
        WireGuardSettings.additions(List.copyOf(ownPrefixes(peer))));
  }

  private Endpoint resolve(PublicKey key, EndpointName name)
      throws SetupException, InterruptedException {
    Endpoint endpoint = resolver.resolveNow(name);
    resolved.put(key, endpoint);
    return endpoint;
  }

  /** {@code null} if it stays: a peer that has moved stays where it is until the file changes. */
  private @Nullable Endpoint newEndpoint(PeerSnapshot running, PeerSettings file)
      throws SetupException, InterruptedException {
    EndpointName name = file.endpoint();
    FileMemory.PeerMemory before = memory.peer(file.publicKey());
    Endpoint now = running.endpoint();
    boolean unchanged = before != null && name != null && name.equals(before.endpoint());
    if (name == null || (unchanged && now != null)) {
      return null;
    }
    Endpoint wantedNow = resolve(file.publicKey(), name);
    return now != null && now.withoutLocal().equals(wantedNow) ? null : wantedNow;
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
    List<PeerChange.AllowedIp> lines = new ArrayList<>();
    for (IpPrefix prefix : present) {
      // One that goes to another peer is given there: in one step, so that it is never nobody's.
      if (!own.contains(prefix) && !owners.containsKey(prefix)) {
        lines.add(new PeerChange.AllowedIp(prefix, true));
      }
    }
    Set<IpPrefix> presentSet = new HashSet<>(present);
    for (IpPrefix prefix : own) {
      if (!presentSet.contains(prefix)) {
        lines.add(new PeerChange.AllowedIp(prefix, false));
      }
    }
    return lines;
  }

  /** Makes the changes: what goes first, so that there is room for what comes. */
  void apply(ReloadReport.Builder report) {
    report.attempt(
        "",
        () -> {
          apply(removals);
          report.peers(0, removals.size(), 0);
          apply(changes);
          report.peers(0, 0, changes.size());
          apply(additions);
          // One with our own key is not taken, silently, as with wg.
          long taken = additions.stream().filter(peer -> device.hasPeer(peer.publicKey())).count();
          report.peers((int) taken, 0, 0);
        });
    report.attempt("", () -> name(report));
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

  private void apply(List<PeerChange> all) {
    for (int i = 0; i < all.size(); i += RunningPeers.PER_CALL) {
      int end = Math.min(all.size(), i + RunningPeers.PER_CALL);
      device.apply(List.copyOf(all.subList(i, end)));
    }
  }

  /** The endpoints that were resolved for it. */
  Map<PublicKey, Endpoint> resolved() {
    return resolved;
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
