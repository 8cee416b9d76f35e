package io.wgnetty.peer;

import java.util.random.RandomGenerator;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The receiver indices of one shard: uniformly random, unique among live handshakes and sessions,
 * their low bits naming the shard so that a datagram can be steered to its owner without a lookup.
 */
final class IndexTable {
  private final Int2ObjectHashMap<IndexEntry> entries = new Int2ObjectHashMap<>();
  private final RandomGenerator random;
  private final int shard;
  private final int shardMask;

  IndexTable(RandomGenerator random, int shard, int shardBits) {
    this.random = random;
    this.shard = shard;
    this.shardMask = (1 << shardBits) - 1;
  }

  /** Reserves a fresh index for a handshake with this peer. */
  PendingHandshake reserve(Peer peer) {
    int index;
    do {
      index = (random.nextInt() & ~shardMask) | shard;
    } while (entries.containsKey(index));
    PendingHandshake pending = new PendingHandshake(peer, index);
    entries.put(index, pending);
    return pending;
  }

  /** The session takes the place of the handshake that led to it. */
  void replace(PendingHandshake pending, Session session) {
    if (entries.get(pending.localIndex()) != pending) {
      throw new IllegalStateException("the index of this handshake was already given up");
    }
    entries.put(session.localIndex(), session);
  }

  /** Gives an index up; one that has another meaning by now stays. */
  void release(IndexEntry entry) {
    if (entries.get(entry.localIndex()) == entry) {
      entries.remove(entry.localIndex());
    }
  }

  /** The live session with this index, if any. */
  @Nullable Session session(int index) {
    return entries.get(index) instanceof Session session ? session : null;
  }

  /** The unfinished handshake with this index, if any. */
  @Nullable PendingHandshake handshake(int index) {
    return entries.get(index) instanceof PendingHandshake pending ? pending : null;
  }

  /** The peer to which this index belongs, whatever it stands for. */
  @Nullable Peer peer(int index) {
    IndexEntry entry = entries.get(index);
    return entry == null ? null : entry.peer();
  }

  int size() {
    return entries.size();
  }
}
