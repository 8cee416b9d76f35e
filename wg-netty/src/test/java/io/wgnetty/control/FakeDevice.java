package io.wgnetty.control;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.DeviceCounters;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.Limits;
import io.wgnetty.device.LoopCounters;
import io.wgnetty.device.PeerChange;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.device.RecordedLimits;
import io.wgnetty.peer.HandshakeState;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A device that only remembers, with the ownership rule of allowed IPs. Records the size of every
 * call.
 */
public final class FakeDevice implements DeviceControl {
  private static final class Peer {
    PresharedKey presharedKey = PresharedKey.none();
    @Nullable Endpoint endpoint;
    int keepaliveSeconds;
    final LinkedHashSet<IpPrefix> allowedIps = new LinkedHashSet<>();
    Set<IpPrefix> stale = Set.of();
    long lastHandshakeNanos;
    long receivedBytes;
    long sentBytes;
  }

  private final Map<PublicKey, Peer> peers = new LinkedHashMap<>();
  private final PeerLabels labels = new PeerLabels();
  private final Limits limits = new RecordedLimits();
  private final Map<IpPrefix, Peer> owners = new HashMap<>();
  private @Nullable PrivateKey privateKey;
  private int listenPort;
  private int fwmark;

  final List<Integer> changesPerCall = new ArrayList<>();
  final List<Integer> snapshotsPerCall = new ArrayList<>();
  int largestAllowedIpsPerCall;
  int settingsRefused;

  /** Why it does not listen. */
  public @Nullable String notListening;

  @Nullable RuntimeException failure;

  @Override
  public synchronized DeviceSettings settings() {
    return new DeviceSettings(privateKey, listenPort, fwmark, notListening);
  }

  @Override
  public synchronized void setPrivateKey(@Nullable PrivateKey key) {
    privateKey = key;
  }

  @Override
  public synchronized void setListenPort(int port) throws IOException {
    refuse(port);
    listenPort = port;
  }

  @Override
  public synchronized void setFwmark(int mark) throws IOException {
    refuse(mark);
    fwmark = mark;
  }

  @Override
  public void bringUp() {}

  private void refuse(int value) throws IOException {
    if (value != 0 && value == settingsRefused) {
      throw new IOException("Address already in use");
    }
  }

  @Override
  public synchronized void removeAllPeers() {
    peers.clear();
    owners.clear();
  }

  @Override
  public synchronized void apply(List<PeerChange> changes) {
    if (failure != null) {
      throw failure;
    }
    changesPerCall.add(changes.size());
    int allowedIps = 0;
    for (PeerChange change : changes) {
      allowedIps += change.allowedIps().size();
      apply(change);
    }
    largestAllowedIpsPerCall = Math.max(largestAllowedIpsPerCall, allowedIps);
  }

  private void apply(PeerChange change) {
    if (change.remove()) {
      Peer removed = peers.remove(change.publicKey());
      owners.values().removeIf(owner -> owner == removed);
      return;
    }
    Peer peer = peers.get(change.publicKey());
    if (peer == null) {
      if (change.updateOnly()) {
        return;
      }
      peer = new Peer();
      peers.put(change.publicKey(), peer);
    }
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
      peer.stale = new HashSet<>(peer.allowedIps);
    }
    for (PeerChange.AllowedIp allowedIp : change.allowedIps()) {
      if (!peer.stale.isEmpty()) {
        peer.stale.remove(allowedIp.prefix());
      }
      apply(peer, allowedIp);
    }
    if (change.endsReplacement()) {
      for (IpPrefix prefix : peer.stale) {
        apply(peer, new PeerChange.AllowedIp(prefix, true));
      }
      peer.stale = Set.of();
    }
  }

  private void apply(Peer peer, PeerChange.AllowedIp allowedIp) {
    if (allowedIp.remove()) {
      if (peer.allowedIps.remove(allowedIp.prefix())) {
        owners.remove(allowedIp.prefix());
      }
      return;
    }
    Peer before = owners.put(allowedIp.prefix(), peer);
    if (before != null && before != peer) {
      before.allowedIps.remove(allowedIp.prefix());
    }
    peer.allowedIps.add(allowedIp.prefix());
  }

  @Override
  public synchronized boolean hasPeer(PublicKey key) {
    return peers.containsKey(key);
  }

  @Override
  public synchronized List<PublicKey> peerKeys() {
    return List.copyOf(peers.keySet());
  }

  @Override
  public synchronized List<PeerSnapshot> snapshots(List<PublicKey> keys) {
    if (failure != null) {
      throw failure;
    }
    snapshotsPerCall.add(keys.size());
    List<PeerSnapshot> snapshots = new ArrayList<>();
    for (PublicKey key : keys) {
      Peer peer = peers.get(key);
      if (peer != null) {
        snapshots.add(
            new PeerSnapshot(
                key,
                peer.presharedKey.copy(),
                peer.endpoint,
                peer.keepaliveSeconds,
                peer.lastHandshakeNanos,
                peer.receivedBytes,
                peer.sentBytes,
                List.copyOf(peer.allowedIps)));
      }
    }
    return snapshots;
  }

  @Override
  public synchronized List<PeerDetails> details(List<PublicKey> keys) {
    return snapshots(keys).stream().map(this::details).toList();
  }

  private PeerDetails details(PeerSnapshot peer) {
    return new PeerDetails(
        peer.publicKey(),
        label(peer.publicKey()),
        limits().of(peer.publicKey()),
        -1,
        !peer.presharedKey().isNone(),
        peer.endpoint(),
        peer.keepaliveSeconds(),
        peer.allowedIps(),
        peer.lastHandshakeNanos(),
        -1,
        peer.receivedBytes(),
        peer.sentBytes(),
        0,
        0,
        Map.of(),
        0,
        HandshakeState.NONE,
        0,
        null,
        0,
        0,
        List.of());
  }

  @Override
  public synchronized List<PeerTraffic> traffic() {
    return snapshots(peerKeys()).stream()
        .map(
            peer ->
                new PeerTraffic(
                    peer.publicKey(),
                    peer.receivedBytes(),
                    peer.sentBytes(),
                    peer.lastHandshakeNanos(),
                    -1))
        .toList();
  }

  @Override
  public synchronized DeviceCounters counters() {
    return new DeviceCounters(
        List.of(),
        LoopCounters.none(0),
        0,
        0,
        0,
        true,
        new DeviceCounters.PeerPopulation(peers.size(), 0, 0));
  }

  @Override
  public Limits limits() {
    return limits;
  }

  @Override
  public void setLabel(PublicKey key, @Nullable String label) {
    labels.set(key, label);
  }

  @Override
  public @Nullable String label(PublicKey key) {
    return labels.get(key);
  }

  /** The peer as it is now, or null. */
  @Nullable PeerSnapshot peer(PublicKey key) {
    List<PeerSnapshot> found = snapshots(List.of(key));
    return found.isEmpty() ? null : found.getFirst();
  }

  /** Lets the peer have had traffic. */
  public synchronized void traffic(PublicKey key, long handshakeNanos, long received, long sent) {
    Peer peer = peers.get(key);
    if (peer == null) {
      throw new IllegalArgumentException("no such peer");
    }
    peer.lastHandshakeNanos = handshakeNanos;
    peer.receivedBytes = received;
    peer.sentBytes = sent;
  }

  synchronized int peerCount() {
    return peers.size();
  }
}
