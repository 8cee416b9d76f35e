package io.wgnetty.device;

import static java.util.stream.Collectors.groupingBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.AllowedIps;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.pipeline.NanoClock;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Brings configuration to the peers: what a peer's owner keeps is changed on the owner's thread,
 * the allowed IPs by the caller, who is their only writer.
 */
final class PeerConfiguration {
  /** As many as the kernel allows an interface. */
  static final int MAX_PEERS = 1 << 20;

  private final DataLoops loops;
  private final PeerDirectory directory;
  private final AllowedIps<Peer> allowedIps;
  private final NanoClock clock;
  private final PeerLabels labels;
  private @Nullable PublicKey ownKey;

  PeerConfiguration(
      DataLoops loops,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      NanoClock clock,
      PeerLabels labels) {
    this.loops = loops;
    this.directory = directory;
    this.allowedIps = allowedIps;
    this.clock = clock;
    this.labels = labels;
  }

  /** Our own public key, which is never a peer's. */
  void setOwnKey(@Nullable PublicKey key) {
    ownKey = key;
  }

  List<PublicKey> keys() {
    return directory.all().stream().map(Peer::publicKey).toList();
  }

  void removeIfPresent(PublicKey key) {
    Peer peer = directory.find(key);
    if (peer != null) {
      remove(List.of(peer));
    }
  }

  void removeAll() {
    remove(List.copyOf(directory.all()));
  }

  private void detach(Peer peer) {
    allowedIps.removeAll(peer);
    directory.remove(peer);
    labels.set(peer.publicKey(), null);
    loops.leaves(peer.shard());
  }

  private void remove(List<Peer> peers) {
    for (Peer peer : peers) {
      detach(peer);
    }
    Map<PeerShard, List<Peer>> byOwner = peers.stream().collect(groupingBy(Peer::shard));
    byOwner.forEach((shard, owned) -> loops.of(shard).run(() -> owned.forEach(shard::remove)));
  }

  /** Makes the changes in order, with one visit to each loop however many there are. */
  void apply(List<PeerChange> changes) {
    List<Step> steps = new ArrayList<>(changes.size());
    try {
      for (PeerChange change : changes) {
        Step step = prepare(change);
        if (step != null) {
          steps.add(step);
        }
      }
    } finally {
      // Also when a change was refused: those before it stand.
      Map<PeerShard, List<Step>> byOwner =
          steps.stream().collect(groupingBy(step -> step.peer().shard()));
      byOwner.forEach(
          (shard, owned) ->
              loops.of(shard).run(() -> owned.forEach(step -> perform(step, clock.nowNs()))));
    }
  }

  /** What is left to do on the owner's thread. */
  private record Step(Peer peer, boolean isNew, PeerChange change) {}

  /** Does what is the caller's to do; returns {@code null} if that was all. */
  private @Nullable Step prepare(PeerChange change) {
    PublicKey key = change.publicKey();
    Peer known = directory.find(key);
    if (key.equals(ownKey) || (known == null && (change.remove() || change.updateOnly()))) {
      return null;
    }
    Peer peer = known == null ? add(key) : known;
    if (change.remove()) {
      detach(peer);
    } else {
      changeAllowedIps(peer, change);
    }
    return new Step(peer, known == null, change);
  }

  private Peer add(PublicKey key) {
    if (directory.size() >= MAX_PEERS) {
      throw new IllegalStateException("an interface has at most " + MAX_PEERS + " peers");
    }
    Peer peer = loops.forNewPeer().shard().create(key);
    directory.add(peer);
    return peer;
  }

  private void changeAllowedIps(Peer peer, PeerChange change) {
    if (change.replaceAllowedIps()) {
      allowedIps.removeAll(peer);
    }
    for (PeerChange.AllowedIp line : change.allowedIps()) {
      if (line.remove()) {
        allowedIps.remove(line.prefix(), peer);
      } else {
        allowedIps.insert(line.prefix(), peer);
      }
    }
  }

  private void perform(Step step, long nowNs) {
    PeerShard shard = step.peer().shard();
    if (step.change().remove()) {
      shard.remove(step.peer());
      return;
    }
    if (step.isNew()) {
      shard.adopt(step.peer());
    }
    change(step.peer(), step.change(), nowNs);
  }

  private void change(Peer peer, PeerChange change, long nowNs) {
    if (change.presharedKey() != null) {
      peer.setPresharedKey(change.presharedKey());
    }
    if (change.endpoint() != null) {
      peer.shard().handshakes().setEndpoint(peer, change.endpoint(), nowNs);
    }
    if (change.keepaliveSeconds() != null) {
      peer.shard().setKeepalive(peer, change.keepaliveSeconds(), nowNs);
    }
    peer.shard().configured(peer, nowNs);
  }
}
