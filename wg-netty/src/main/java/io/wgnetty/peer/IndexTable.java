package io.wgnetty.peer;

import io.wgnetty.state.MalformedStateException;
import java.util.random.RandomGenerator;
import org.agrona.collections.Int2ObjectHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The receiver indices of one shard: uniformly random, unique among live handshakes and sessions,
 * with bits that name the shard, and the node where there are several, so that a datagram can be
 * steered to its owner without a lookup.
 */
public final class IndexTable {
  private static final int PARTS = 256;
  private static final int PART_SHIFT = Integer.SIZE - Byte.SIZE;

  /**
   * By the upper byte of the index: a part that grows moves its entries, and the packets of all
   * peers wait for that. Made when first needed.
   */
  @SuppressWarnings({"unchecked", "rawtypes"})
  private final @Nullable Int2ObjectHashMap<IndexEntry>[] parts = new Int2ObjectHashMap[PARTS];

  private final RandomGenerator random;
  private final ShardPlace place;

  IndexTable(RandomGenerator random, ShardPlace place) {
    this.random = random;
    this.place = place;
  }

  /** Reserves a fresh index for a handshake with this peer. */
  public PendingHandshake reserve(Peer peer) {
    int index;
    do {
      index = place.index(random.nextInt());
    } while (entry(index) != null);
    PendingHandshake pending = new PendingHandshake(peer, index);
    put(pending);
    return pending;
  }

  /** The session takes the place of the handshake that led to it. */
  public void replace(PendingHandshake pending, Session session) {
    if (entry(pending.localIndex()) != pending) {
      throw new IllegalStateException("the index of this handshake was already given up");
    }
    put(session);
  }

  /** Takes a session in that had its index from another table of the same place. */
  void adopt(Session session) {
    int index = session.localIndex();
    if (place.index(index) != index || entry(index) != null) {
      throw new MalformedStateException("a session has an index that is not its own");
    }
    put(session);
  }

  /** Gives an index up; one that has another meaning by now stays. */
  public void release(IndexEntry entry) {
    int index = entry.localIndex();
    Int2ObjectHashMap<IndexEntry> part = parts[index >>> PART_SHIFT];
    if (part != null && part.get(index) == entry) {
      part.remove(index);
    }
  }

  /** The live session with this index, if any. */
  public @Nullable Session session(int index) {
    return entry(index) instanceof Session session ? session : null;
  }

  /** The unfinished handshake with this index, if any. */
  public @Nullable PendingHandshake handshake(int index) {
    return entry(index) instanceof PendingHandshake pending ? pending : null;
  }

  /** The peer to which this index belongs, whatever it stands for. */
  public @Nullable Peer peer(int index) {
    IndexEntry entry = entry(index);
    return entry == null ? null : entry.peer();
  }

  public int size() {
    int size = 0;
    for (Int2ObjectHashMap<IndexEntry> part : parts) {
      size += part == null ? 0 : part.size();
    }
    return size;
  }

  private @Nullable IndexEntry entry(int index) {
    Int2ObjectHashMap<IndexEntry> part = parts[index >>> PART_SHIFT];
    return part == null ? null : part.get(index);
  }

  private void put(IndexEntry entry) {
    int number = entry.localIndex() >>> PART_SHIFT;
    Int2ObjectHashMap<IndexEntry> part = parts[number];
    if (part == null) {
      part = new Int2ObjectHashMap<>();
      parts[number] = part;
    }
    part.put(entry.localIndex(), entry);
  }
}
