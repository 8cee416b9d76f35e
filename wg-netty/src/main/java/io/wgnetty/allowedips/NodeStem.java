package io.wgnetty.allowedips;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the writer knows of a node of a {@link PrefixTable}, and readers do not need: how many
 * prefixes are in and below it, and which end within it.
 *
 * <p>The prefixes that end within a node of stride s, 0 to s - 1 bits after its beginning, are kept
 * as D. Knuth's allotment routing tables keep them (Y. Hariguchi: "Allotment Routing Table", 2002):
 * in a heap-ordered array, place 1 for no further bits, 2 and 3 for one further bit, and so on.
 * Where no prefix ends, there is the one that the place above has. So the last row says for each
 * pair of slots what covers it, a new prefix overwrites just what was there above it, and one that
 * goes leaves what is above it.
 */
final class NodeStem {
  /** Prefixes in and below the node. */
  int count;

  /** What {@link #count} was when the node was shaped. */
  final int shapedFor;

  private @Nullable AllowedIp<?> @Nullable [] inner;

  NodeStem(int count) {
    this(count, count);
  }

  private NodeStem(int count, int shapedFor) {
    this.count = count;
    this.shapedFor = shapedFor;
  }

  /**
   * Of a node that was put above another in a hurry, and is reshaped as soon as it grew a little.
   */
  static NodeStem provisional(int count) {
    return new NodeStem(count, count * 5 / 8);
  }

  /** Whether the node has so many or so few prefixes by now that another shape fits better. */
  boolean isOutgrown() {
    return count < 2 || count > 2L * shapedFor || count < shapedFor / 4;
  }

  /** The place of a prefix that ends {@code length} bits after the node's beginning. */
  static int place(int slot, int stride, int length) {
    return (1 << stride | slot) >>> (stride - length);
  }

  /** The prefix that ends exactly here. */
  @Nullable AllowedIp<?> at(int place) {
    @Nullable AllowedIp<?>[] heap = inner;
    return heap == null || isInherited(heap, place) ? null : heap[place];
  }

  void put(@Nullable Object[] node, int place, AllowedIp<?> entry) {
    @Nullable AllowedIp<?>[] heap = inner;
    if (heap == null) {
      heap = new AllowedIp<?>[1 << PrefixNode.stride(node)];
      inner = heap;
    }
    allot(node, heap, place, heap[place], entry);
  }

  void remove(@Nullable Object[] node, int place) {
    @Nullable AllowedIp<?>[] heap = inner;
    if (heap != null) {
      allot(node, heap, place, heap[place], heap[place >> 1]);
    }
  }

  /** Replaces, from this place down, the one prefix by the other wherever it is in force. */
  @SuppressWarnings("ReferenceEquality") // the very entry, not one like it
  private static void allot(
      @Nullable Object[] node,
      @Nullable AllowedIp<?>[] inner,
      int place,
      @Nullable AllowedIp<?> old,
      @Nullable AllowedIp<?> fresh) {
    inner[place] = fresh;
    if (2 * place >= inner.length) {
      Object owner = fresh == null ? null : fresh.owner;
      PrefixNode.set(node, PrefixNode.ownerPosition(2 * place - inner.length), owner);
      return;
    }
    for (int below = 2 * place; below <= 2 * place + 1; below++) {
      if (inner[below] == old) {
        allot(node, inner, below, old, fresh);
      }
    }
  }

  void collect(List<AllowedIp<?>> entries) {
    if (inner == null) {
      return;
    }
    for (int place = 1; place < inner.length; place++) {
      AllowedIp<?> entry = inner[place];
      if (entry != null && !isInherited(inner, place)) {
        entries.add(entry);
      }
    }
  }

  /** Place 0 is always empty, so place 1 inherits nothing. */
  @SuppressWarnings("ReferenceEquality") // the very entry, not one like it
  private static boolean isInherited(@Nullable AllowedIp<?>[] inner, int place) {
    return inner[place] == inner[place >> 1];
  }
}
