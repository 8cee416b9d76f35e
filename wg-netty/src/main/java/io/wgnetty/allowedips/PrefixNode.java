package io.wgnetty.allowedips;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * How a node of a {@link PrefixTable} lies in memory: a plain array, so that a lookup finds what it
 * needs of a node in one cache line.
 *
 * <p>A node decides {@code stride} bits of the address at once; they are the number of a slot. Two
 * neighbouring slots share a third element, the peer of the longest prefix of this node that covers
 * both:
 *
 * <pre>
 *   0            1            2             3        4        5             6        7
 *   SharedBits   NodeStem     owner 0, 1    slot 0   slot 1   owner 2, 3    slot 2   slot 3  ...
 * </pre>
 *
 * A slot holds an {@link AllowedIp} that may or may not cover the address, {@link AllowedIp#NONE}
 * which covers nothing, or the next node. The stride follows from the array's length.
 */
final class PrefixNode {
  /** With one bit the stride could not be told from the length. */
  static final int MIN_STRIDE = 2;

  /** An array of 100 MB: a table of the largest size that is configured does not want more. */
  static final int MAX_STRIDE = 24;

  private static final VarHandle ELEMENTS = MethodHandles.arrayElementVarHandle(Object[].class);
  private static final int SHARED_BITS = 0;
  private static final int STEM = 1;
  private static final int FIRST_PAIR = 2;
  private static final int PAIR_ELEMENTS = 3;

  private PrefixNode() {}

  static @Nullable Object[] create(int stride, @Nullable SharedBits sharedBits, NodeStem stem) {
    Object[] node = new Object[FIRST_PAIR + (PAIR_ELEMENTS << (stride - 1))];
    node[SHARED_BITS] = sharedBits;
    node[STEM] = stem;
    for (int slot = 0; slot < 1 << stride; slot++) {
      node[slotPosition(slot)] = AllowedIp.NONE;
    }
    return node;
  }

  static int stride(@Nullable Object[] node) {
    return 31 - Integer.numberOfLeadingZeros(node.length - 1); // of 1.5 * 2^stride + 1
  }

  /** What everything below has in common and no node above has decided; often nothing. */
  static @Nullable SharedBits sharedBits(@Nullable Object[] node) {
    return (SharedBits) node[SHARED_BITS];
  }

  /** What only the writer needs. */
  static NodeStem stem(@Nullable Object[] node) {
    NodeStem stem = (NodeStem) node[STEM];
    assert stem != null : "every node has a stem";
    return stem;
  }

  /** Where the peer of the pair lies that a slot belongs to. */
  static int ownerPosition(int slot) {
    return FIRST_PAIR + PAIR_ELEMENTS * (slot >> 1);
  }

  static int slotPosition(int slot) {
    return ownerPosition(slot) + 1 + (slot & 1);
  }

  /** The peer of a pair of slots, by its {@link #ownerPosition}. */
  static @Nullable Object owner(@Nullable Object[] node, int position) {
    return ELEMENTS.getAcquire(node, position);
  }

  /** What is in a slot, by its {@link #slotPosition}. */
  @SuppressWarnings("NullAway") // no slot is ever null
  static Object below(@Nullable Object[] node, int position) {
    return ELEMENTS.getAcquire(node, position);
  }

  static void set(@Nullable Object[] node, int position, @Nullable Object value) {
    ELEMENTS.setRelease(node, position, value);
  }

  /**
   * {@code stride} bits of an address from {@code bit} on. Bit 0 is the uppermost of {@code high},
   * bit 127 the lowest of {@code low}; beyond are zeros.
   */
  static int slot(long high, long low, int bit, int stride) {
    long bits = bit < Long.SIZE ? high << bit | low >>> 1 >>> (63 - bit) : low << bit;
    return (int) (bits >>> (Long.SIZE - stride));
  }
}
