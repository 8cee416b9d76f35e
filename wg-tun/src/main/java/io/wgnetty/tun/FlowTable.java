package io.wgnetty.tun;

/**
 * The latest group of each flow, by a hash of the flow. A flow has one place, and two flows may
 * share it: then the later one has it, and the other's packets begin a new group. So whoever finds
 * a group here must still compare.
 */
final class FlowTable {
  /** Twice the packets of a batch, so that flows seldom share a place. */
  private static final int PLACES = 2 * PacketBatch.CAPACITY;

  private static final int HASH_SHIFT = Long.SIZE - Integer.numberOfTrailingZeros(PLACES);
  private static final int GROUP_BITS = 8;
  private static final long GROUP_MASK = (1 << GROUP_BITS) - 1;

  /** Where addresses and ports lie apart, multiplying by this mixes them: 2^64 / golden ratio. */
  private static final long MIX = 0x9e37_79b9_7f4a_7c15L;

  private final long[] places = new long[PLACES];
  private long epoch = 1;

  /** Every flow begins anew: no group from before can be found any more. */
  void forgetAll() {
    epoch++;
  }

  /** The place of a flow with these two words of addresses and these ports. */
  static int place(long addresses, long moreAddresses, int ports) {
    long mixed = (addresses ^ (ports & 0xffff_ffffL)) * MIX + moreAddresses;
    return (int) (((mixed ^ (mixed >>> 32)) * MIX) >>> HASH_SHIFT);
  }

  /** The group in a place, or {@link PacketGroups#NONE}. */
  int group(int place) {
    long entry = places[place];
    return entry >>> GROUP_BITS == epoch ? (int) (entry & GROUP_MASK) : PacketGroups.NONE;
  }

  void put(int place, int group) {
    places[place] = epoch << GROUP_BITS | group;
  }
}
