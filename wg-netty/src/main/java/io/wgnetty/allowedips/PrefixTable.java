package io.wgnetty.allowedips;

import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A multi-bit trie from prefixes to peers, for one address family.
 *
 * <p>Each {@link PrefixNode} decides as many bits at once as its prefixes fill: with a million
 * prefixes the first node decides about twenty, and most lookups are over with the next step. With
 * three prefixes the whole table is a node of a few words.
 *
 * <h2>Why readers need no lock</h2>
 *
 * A change of one prefix is, for any one address, one store: of a slot, of a pair's peer, or of a
 * new node in the place of an old one, complete when it appears. So a lookup that meets one change
 * sees the table before or after it. Between two changes it could see neither table: a wide prefix
 * that was added behind it, and then a narrow one that was removed in front of it. Therefore each
 * change begins with a new {@link #version}, and a lookup during which one began is done again.
 * That costs a writer's pace of changes, never the length of one, and nobody waits for anybody.
 *
 * <h2>Bounds</h2>
 *
 * Every node decides 2 bits or more, so a path has at most 64 nodes and an entry. A node is
 * reshaped when it has twice the prefixes for which it was made, or a quarter: so a change costs,
 * on average, about the path to it.
 */
final class PrefixTable<P> {
  /** One more than there can be. */
  private static final int MAX_DEPTH = 65;

  private volatile Object root = AllowedIp.NONE;

  /** The number of changes begun. */
  private volatile long version;

  // What the writer's last descent found.
  private final @Nullable Object[][] nodes = new Object[MAX_DEPTH][];
  private final int[] positions = new int[MAX_DEPTH];
  private final int[] bits = new int[MAX_DEPTH];
  private int depth;
  private int bit;

  /** The place within the last node where the prefix ends, 0 if it ends below. */
  private int place;

  /** What is in the last slot. */
  private Object end = AllowedIp.NONE;

  /** The peer of the longest prefix that covers the address; any thread. */
  @Nullable P longestMatch(long high, long low) {
    while (true) {
      long before = version;
      P owner = search(high, low);
      VarHandle.acquireFence();
      if (version == before) {
        return owner;
      }
    }
  }

  /**
   * Branches on the kind of what is in a slot, which is mostly the same, but not on whether it
   * covers the address: the processor goes on to the next lookup while memory is slow.
   */
  @SuppressWarnings({"unchecked", "ShortCircuitBoolean"}) // every owner here is a P; no branch
  private @Nullable P search(long high, long low) {
    Object best = null;
    Object at = root;
    int next = 0;
    while (at instanceof Object[] node) {
      SharedBits shared = PrefixNode.sharedBits(node);
      if (shared != null) {
        if (!shared.agreesWith(high, low)) {
          return (P) best;
        }
        next = shared.bit();
      }
      int stride = PrefixNode.stride(node);
      int slot = PrefixNode.slot(high, low, next, stride);
      Object owner = PrefixNode.owner(node, PrefixNode.ownerPosition(slot));
      best = owner != null ? owner : best;
      at = PrefixNode.below(node, PrefixNode.slotPosition(slot));
      next += stride;
    }
    AllowedIp<?> entry = (AllowedIp<?>) at;
    Object owner = entry.owner;
    return (P) (entry.covers(high, low) & entry != AllowedIp.NONE ? owner : best);
  }

  boolean isEmpty() {
    return root == AllowedIp.NONE;
  }

  /** The entry of exactly this prefix; the writer's thread only. */
  @SuppressWarnings("unchecked") // as in search
  @Nullable AllowedIp<P> find(long high, long low, int length) {
    descend(high, low, length);
    AllowedIp<P> found = null;
    if (place != 0) {
      found = (AllowedIp<P>) PrefixNode.stem(nodes[depth - 1]).at(place);
    } else if (end instanceof AllowedIp<?> entry
        && entry != AllowedIp.NONE
        && entry.isPrefix(high, low, length)) {
      found = (AllowedIp<P>) entry;
    }
    forgetPath();
    return found;
  }

  /** Adds an entry; one of the same prefix is replaced. */
  void put(AllowedIp<P> entry) {
    begin();
    descend(entry.high, entry.low, entry.length());
    boolean isNew = true;
    if (place != 0) {
      @Nullable Object[] node = nodes[depth - 1];
      NodeStem stem = PrefixNode.stem(node);
      isNew = stem.at(place) == null;
      stem.put(node, place, entry);
    } else if (end instanceof Object[] node) {
      store(depth, PrefixNodeBuilder.above(node, entry, bit));
    } else if (end == AllowedIp.NONE) {
      store(depth, entry);
    } else if (end instanceof AllowedIp<?> other
        && !other.isPrefix(entry.high, entry.low, entry.length())) {
      store(depth, PrefixNodeBuilder.join(other, entry, bit));
    } else {
      isNew = false;
      store(depth, entry);
    }
    count(isNew ? 1 : 0);
  }

  /** Removes an entry that is in the table. */
  void remove(AllowedIp<P> entry) {
    begin();
    descend(entry.high, entry.low, entry.length());
    if (place != 0) {
      @Nullable Object[] node = nodes[depth - 1];
      PrefixNode.stem(node).remove(node, place);
    } else {
      assert end == entry;
      store(depth, AllowedIp.NONE);
    }
    count(-1);
  }

  /** From here on lookups that began before are done again. */
  @SuppressWarnings("NonAtomicOperationOnVolatileField") // there is one writer
  private void begin() {
    long next = version + 1;
    version = next;
  }

  /** Walks to where a prefix is or would be. */
  private void descend(long high, long low, int length) {
    depth = 0;
    bit = 0;
    place = 0;
    end = root;
    while (end instanceof Object[] node) {
      SharedBits shared = PrefixNode.sharedBits(node);
      int start = shared == null ? bit : shared.bit();
      if (shared != null && (length < start || !shared.agreesWith(high, low))) {
        return;
      }
      int stride = PrefixNode.stride(node);
      int slot = PrefixNode.slot(high, low, start, stride);
      nodes[depth] = node;
      bits[depth] = bit;
      positions[depth++] = PrefixNode.slotPosition(slot);
      if (length < start + stride) {
        place = NodeStem.place(slot, stride, length - start);
        return;
      }
      end = PrefixNode.below(node, PrefixNode.slotPosition(slot));
      bit = start + stride;
    }
  }

  /** Puts something where the path, cut to a depth, leads to. */
  private void store(int at, Object value) {
    if (at == 0) {
      root = value;
    } else {
      PrefixNode.set(nodes[at - 1], positions[at - 1], value);
    }
  }

  /** Counts along the path, and reshapes the uppermost node that needs it. */
  private void count(int change) {
    int outgrown = -1;
    for (int i = depth - 1; i >= 0; i--) {
      NodeStem stem = PrefixNode.stem(nodes[i]);
      stem.count += change;
      if (stem.isOutgrown()) {
        outgrown = i;
      }
    }
    if (outgrown >= 0) {
      store(outgrown, PrefixNodeBuilder.reshape(nodes[outgrown], bits[outgrown]));
    }
    forgetPath();
  }

  /** An old node must not keep a removed peer alive. */
  private void forgetPath() {
    while (depth > 0) {
      nodes[--depth] = EMPTY;
    }
    end = AllowedIp.NONE;
  }

  private static final @Nullable Object[] EMPTY = {};
}
