package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.Limits;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.device.RecordedLimits;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** A device that only remembers, with the rule that a prefix has one owner. */
final class FakeControl implements DeviceControl {
  private final Journal journal;
  private final Map<PublicKey, Peer> peers = new LinkedHashMap<>();
  private final Map<IpPrefix, Peer> owners = new HashMap<>();
  private final Map<PublicKey, String> labels = new HashMap<>();
  private final Limits limits = new RecordedLimits();
  private @Nullable PrivateKey privateKey;
  private int listenPort;
  private int fwmark;

  /** Every change of a peer that was asked for. */
  final List<PeerChange> changes = new ArrayList<>();

  /** Prefixes that were nobody's for a moment, though somebody had them before and after. */
  final Set<IpPrefix> orphaned = new LinkedHashSet<>();

  /** Each name and the address of it that was taken instead. */
  final List<String> movedByName = new ArrayList<>();

  /** A peer. */
  static final class Peer {
    PresharedKey presharedKey = PresharedKey.none();
    @Nullable Endpoint endpoint;
    int keepaliveSeconds;
    long lastHandshakeNanos;
    long heardAgoNs = -1;
    HandshakeState handshake = HandshakeState.NONE;
    final Set<IpPrefix> allowedIps = new LinkedHashSet<>();
  }

  FakeControl(Journal journal) {
    this.journal = journal;
  }

  /** All that setting up may change, to be compared. */
  String state() {
    return "key "
        + (privateKey != null)
        + " port "
        + listenPort
        + " mark "
        + fwmark
        + " peers "
        + peers.size();
  }

  Peer peer(PublicKey key) {
    return Objects.requireNonNull(peers.get(key));
  }

  @Override
  public DeviceSettings settings() {
    return new DeviceSettings(privateKey, listenPort, fwmark);
  }

  @Override
  public void setPrivateKey(@Nullable PrivateKey key) {
    privateKey = key;
  }

  @Override
  public void setListenPort(int port) throws IOException {
    journal.note("port " + port);
    listenPort = port;
  }

  @Override
  public void setFwmark(int mark) throws IOException {
    journal.note("mark " + mark);
    fwmark = mark;
  }

  @Override
  public void bringUp() throws IOException {
    journal.note("bind");
  }

  @Override
  public void removeAllPeers() {
    peers.clear();
    owners.clear();
  }

  @Override
  public void apply(List<PeerChange> all) {
    for (PeerChange change : all) {
      changes.add(change);
      apply(change);
    }
  }

  private void apply(PeerChange change) {
    if (change.remove()) {
      Peer gone = peers.remove(change.publicKey());
      if (gone != null) {
        gone.allowedIps.forEach(this::orphan);
      }
      return;
    }
    if (change.updateOnly() && !peers.containsKey(change.publicKey())) {
      return;
    }
    Peer peer = peers.computeIfAbsent(change.publicKey(), key -> new Peer());
    if (change.presharedKey() != null) {
      peer.presharedKey = change.presharedKey();
    }
    if (change.endpoint() != null) {
      peer.endpoint = change.endpoint();
    }
    if (change.keepaliveSeconds() != null) {
      peer.keepaliveSeconds = change.keepaliveSeconds();
    }
    if (change.beginsReplacement()) {
      Set.copyOf(peer.allowedIps).forEach(this::orphan);
      peer.allowedIps.clear();
    }
    change.allowedIps().forEach(line -> apply(peer, line));
  }

  private void apply(Peer peer, PeerChange.AllowedIp line) {
    if (line.remove()) {
      if (peer.allowedIps.remove(line.prefix())) {
        orphan(line.prefix());
      }
      return;
    }
    Peer before = owners.put(line.prefix(), peer);
    if (before != null) {
      before.allowedIps.remove(line.prefix());
    }
    peer.allowedIps.add(line.prefix());
  }

  private void orphan(IpPrefix prefix) {
    owners.remove(prefix);
    orphaned.add(prefix);
  }

  @Override
  public boolean hasPeer(PublicKey key) {
    return peers.containsKey(key);
  }

  @Override
  public List<PublicKey> peerKeys() {
    return List.copyOf(peers.keySet());
  }

  @Override
  public List<PeerSnapshot> snapshots(List<PublicKey> keys) {
    return keys.stream().filter(peers::containsKey).map(this::snapshot).toList();
  }

  @Override
  public List<PeerDetails> details(List<PublicKey> keys) {
    return keys.stream().filter(peers::containsKey).map(this::details).toList();
  }

  @Override
  public void moveByName(PublicKey key, String name, Endpoint endpoint) {
    movedByName.add(name + " -> " + endpoint);
    peer(key).endpoint = endpoint;
  }

  /** Time passes without a sign of the peers. */
  void grow(long ns) {
    for (Peer peer : peers.values()) {
      if (peer.heardAgoNs >= 0) {
        peer.heardAgoNs += ns;
      }
    }
  }

  private PeerDetails details(PublicKey key) {
    Peer peer = peer(key);
    return new PeerDetails(
        key,
        label(key),
        limits.of(key),
        -1,
        !peer.presharedKey.isNone(),
        peer.endpoint,
        peer.keepaliveSeconds,
        List.copyOf(peer.allowedIps),
        peer.lastHandshakeNanos,
        peer.heardAgoNs,
        0,
        0,
        0,
        0,
        Map.of(),
        0,
        peer.handshake,
        0,
        null,
        0,
        0,
        List.of());
  }

  @Override
  public List<PeerTraffic> traffic() {
    throw new UnsupportedOperationException();
  }

  @Override
  public DeviceCounters counters() {
    throw new UnsupportedOperationException();
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public void setLabel(PublicKey key, @Nullable String label) {
    if (label == null) {
      labels.remove(key);
    } else {
      labels.put(key, label);
    }
  }

  @Override
  public @Nullable String label(PublicKey key) {
    return labels.get(key);
  }

  private PeerSnapshot snapshot(PublicKey key) {
    Peer peer = peer(key);
    return new PeerSnapshot(
        key,
        peer.presharedKey.copy(),
        peer.endpoint,
        peer.keepaliveSeconds,
        peer.lastHandshakeNanos,
        0,
        0,
        List.copyOf(peer.allowedIps));
  }
}
