package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.Peer;
import io.wgnetty.pipeline.NanoClock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Brings limits to the peers, each on its owner's thread, and knows which were set. */
final class PeerLimits implements Limits {
  private final PeerOwners owners;
  private final NanoClock clock;
  private final ConcurrentHashMap<PublicKey, PeerLimit> set = new ConcurrentHashMap<>();

  PeerLimits(PeerOwners owners, NanoClock clock) {
    this.owners = owners;
    this.clock = clock;
  }

  @Override
  public void set(Map<PublicKey, PeerLimit> limits) {
    List<Peer> peers = owners.find(limits.keySet());
    for (Peer peer : peers) {
      remember(peer.publicKey(), limits.getOrDefault(peer.publicKey(), PeerLimit.NONE));
    }
    owners.visit(peers, (shard, peer) -> peer.setLimit(of(peer.publicKey()), clock.nowNs()));
  }

  /** What the peer may carry; whoever has the peer is told besides. */
  void remember(PublicKey key, PeerLimit limit) {
    if (limit.isNone()) {
      set.remove(key);
    } else {
      set.put(key, limit);
    }
  }

  @Override
  public PeerLimit of(PublicKey key) {
    return set.getOrDefault(key, PeerLimit.NONE);
  }

  /** The peer is removed. */
  void forget(PublicKey key) {
    set.remove(key);
  }
}
