package io.wgnetty.device;

import static java.util.stream.Collectors.groupingBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardTables;
import io.wgnetty.pipeline.NanoClock;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;

/** Brings limits to the peers, each on its owner's thread, and knows which were set. */
final class PeerLimits implements Limits {
  private final DataLoops loops;
  private final PeerDirectory directory;
  private final NanoClock clock;
  private final ConcurrentHashMap<PublicKey, PeerLimit> set = new ConcurrentHashMap<>();

  PeerLimits(DataLoops loops, PeerDirectory directory, NanoClock clock) {
    this.loops = loops;
    this.directory = directory;
    this.clock = clock;
  }

  @Override
  public void set(Map<PublicKey, PeerLimit> limits) {
    List<Peer> peers =
        limits.keySet().stream().map(directory::find).filter(Objects::nonNull).toList();
    for (Peer peer : peers) {
      remember(peer.publicKey(), limits.getOrDefault(peer.publicKey(), PeerLimit.NONE));
    }
    Map<ShardTables, List<Peer>> byOwner = peers.stream().collect(groupingBy(Peer::shard));
    byOwner.forEach(
        (shard, owned) ->
            loops
                .of(shard)
                .run(
                    () ->
                        owned.forEach(peer -> peer.setLimit(of(peer.publicKey()), clock.nowNs()))));
  }

  private void remember(PublicKey key, PeerLimit limit) {
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
