package io.wgnetty.allowedips;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Shapes the nodes of a {@link PrefixTable}: as wide as the prefixes below fill them, past bits
 * that decide nothing.
 */
final class PrefixNodeBuilder {
  /**
   * A node may be as wide as one slot in so many is used. Wider saves steps, but spreads the table
   * over more memory.
   */
  private static final int SLOTS_PER_USED = 8;

  /** Fewer shared bits are not worth the object that tells them: the node takes them in. */
  private static final int MIN_SHARED_BITS = 3;

  private static final Comparator<AllowedIp<?>> ORDER =
      (a, b) -> {
        int order = Long.compareUnsigned(a.high, b.high);
        if (order == 0) {
          order = Long.compareUnsigned(a.low, b.low);
        }
        return order != 0 ? order : Integer.compare(a.length(), b.length());
      };

  /** In order: a prefix stands before those that it covers. */
  private final AllowedIp<?>[] entries;

  private PrefixNodeBuilder(List<AllowedIp<?>> entries) {
    this.entries = entries.toArray(AllowedIp<?>[]::new);
    Arrays.sort(this.entries, ORDER);
  }

  /** What takes the place of a node: a node in better shape, a prefix alone, or nothing. */
  static Object reshape(@Nullable Object[] node, int bit) {
    List<AllowedIp<?>> entries = new ArrayList<>(PrefixNode.stem(node).count);
    collect(node, entries);
    PrefixNodeBuilder builder = new PrefixNodeBuilder(entries);
    return entries.isEmpty() ? AllowedIp.NONE : builder.build(0, entries.size(), bit);
  }

  /** A node of two different prefixes; no node above decides {@code bit}. */
  static Object join(AllowedIp<?> one, AllowedIp<?> other, int bit) {
    return new PrefixNodeBuilder(List.of(one, other)).build(0, 2, bit);
  }

  /**
   * A node above one whose {@link SharedBits} the entry does not share. Either there are none that
   * are undecided, or at least two: so there is room for a node of two bits, or of three.
   */
  static Object above(@Nullable Object[] node, AllowedIp<?> entry, int bit) {
    SharedBits shared = Objects.requireNonNull(PrefixNode.sharedBits(node));
    int common = Math.min(entry.length(), shared.commonBits(entry.high, entry.low));
    int start = Math.min(common, shared.bit() - PrefixNode.MIN_STRIDE);
    if (start - bit < PrefixNode.MIN_STRIDE) {
      start = bit;
    }
    boolean leavesOne = shared.bit() - start == PrefixNode.MIN_STRIDE + 1;
    int stride = leavesOne ? PrefixNode.MIN_STRIDE + 1 : PrefixNode.MIN_STRIDE;
    NodeStem stem = NodeStem.provisional(PrefixNode.stem(node).count + 1);
    SharedBits above = start == bit ? null : new SharedBits(shared.high(), shared.low(), start);
    @Nullable Object[] result = PrefixNode.create(stride, above, stem);
    int slot = PrefixNode.slot(shared.high(), shared.low(), start, stride);
    PrefixNode.set(result, PrefixNode.slotPosition(slot), node);
    int entrySlot = PrefixNode.slot(entry.high, entry.low, start, stride);
    if (entry.length() < start + stride) {
      stem.put(result, NodeStem.place(entrySlot, stride, entry.length() - start), entry);
    } else {
      assert entrySlot != slot : "they part within these bits";
      PrefixNode.set(result, PrefixNode.slotPosition(entrySlot), entry);
    }
    return result;
  }

  private static void collect(@Nullable Object[] node, List<AllowedIp<?>> entries) {
    PrefixNode.stem(node).collect(entries);
    for (int slot = 0; slot < 1 << PrefixNode.stride(node); slot++) {
      Object below = PrefixNode.below(node, PrefixNode.slotPosition(slot));
      if (below instanceof Object[] next) {
        collect(next, entries);
      } else if (below != AllowedIp.NONE) {
        entries.add((AllowedIp<?>) below);
      }
    }
  }

  /** The entries from one number to another, of which there is at least one. */
  private Object build(int from, int to, int bit) {
    if (to - from == 1) {
      return entries[from];
    }
    int common = commonBits(from, to);
    boolean skips = common - bit >= MIN_SHARED_BITS;
    int start = skips ? common : bit;
    SharedBits shared = skips ? new SharedBits(entries[from].high, entries[from].low, start) : null;
    int stride = stride(from, to, start);
    NodeStem stem = new NodeStem(to - from);
    @Nullable Object[] node = PrefixNode.create(stride, shared, stem);
    fill(node, stem, from, to, start);
    return node;
  }

  /** From the last to the first, so that what covers others finds them and is quickly done. */
  private void fill(@Nullable Object[] node, NodeStem stem, int from, int to, int start) {
    int stride = PrefixNode.stride(node);
    int end = to;
    while (end > from) {
      AllowedIp<?> last = entries[end - 1];
      int slot = PrefixNode.slot(last.high, last.low, start, stride);
      int begin = end - 1;
      if (last.length() < start + stride) {
        stem.put(node, NodeStem.place(slot, stride, last.length() - start), last);
      } else {
        while (begin > from && belongs(entries[begin - 1], slot, start, stride)) {
          begin--;
        }
        Object below = build(begin, end, start + stride);
        PrefixNode.set(node, PrefixNode.slotPosition(slot), below);
      }
      end = begin;
    }
  }

  private static boolean belongs(AllowedIp<?> entry, int slot, int start, int stride) {
    return entry.length() >= start + stride
        && PrefixNode.slot(entry.high, entry.low, start, stride) == slot;
  }

  private int commonBits(int from, int to) {
    int common = entries[from].commonBits(entries[to - 1].high, entries[to - 1].low);
    for (int i = from; i < to; i++) {
      common = Math.min(common, entries[i].length());
    }
    return common;
  }

  /**
   * The greatest stride that leaves enough slots used, but no more than one bit past the end of the
   * longest prefix. With that bit the prefix has a pair of slots to itself, and a lookup finds its
   * peer in the node; more bits would decide nothing.
   */
  private int stride(int from, int to, int start) {
    int longest = 0;
    for (int i = from; i < to; i++) {
      longest = Math.max(longest, entries[i].length());
    }
    int widest = Math.min(PrefixNode.MAX_STRIDE, longest - start + 1);
    int[] partAfter = new int[PrefixNode.MAX_STRIDE];
    for (int i = from + 1; i < to; i++) {
      int shared = entries[i - 1].commonBits(entries[i].high, entries[i].low) - start;
      if (shared < PrefixNode.MAX_STRIDE) {
        partAfter[shared]++;
      }
    }
    int best = PrefixNode.MIN_STRIDE;
    long used = 1;
    for (int stride = 1; stride <= widest; stride++) {
      used += partAfter[stride - 1];
      if (stride > best && used * SLOTS_PER_USED >= 1L << stride) {
        best = stride;
      }
    }
    return best;
  }
}
