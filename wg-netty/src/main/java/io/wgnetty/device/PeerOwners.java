package io.wgnetty.device;

import static java.util.stream.Collectors.groupingBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardTables;
import io.wgnetty.shard.PeerShard;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;

/** Peers by their keys, and their owners' threads: one visit to each loop, however many peers. */
final class PeerOwners {
  private final DataLoops loops;
  private final PeerDirectory directory;

  PeerOwners(DataLoops loops, PeerDirectory directory) {
    this.loops = loops;
    this.directory = directory;
  }

  /** The peers with these keys; those that are gone are left out. */
  List<Peer> find(Collection<PublicKey> keys) {
    return keys.stream().map(directory::find).filter(Objects::nonNull).toList();
  }

  /** Does something for each of the peers, on its owner's thread, and waits for the end. */
  void visit(List<Peer> peers, BiConsumer<PeerShard, Peer> task) {
    Map<ShardTables, List<Peer>> byOwner = peers.stream().collect(groupingBy(Peer::shard));
    byOwner.forEach(
        (owner, owned) -> {
          DataLoop loop = loops.of(owner);
          loop.run(() -> owned.forEach(peer -> task.accept(loop.shard(), peer)));
        });
  }
}
