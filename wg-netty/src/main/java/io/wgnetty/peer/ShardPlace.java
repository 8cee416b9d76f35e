package io.wgnetty.peer;

/**
 * How a shard fits into its interface, and the interface among other nodes that share its peers.
 * Receiver indices say both: their low bits the shard, the bits from {@value #NODE_SHIFT} on the
 * node, which are at the same place whatever the number of shards.
 *
 * @param number which of the interface's shards it is
 * @param bits how many low bits of a receiver index that takes, {@value #NODE_SHIFT} at most
 * @param node the node's number, 0 to {@link #MAX_NODE}; {@link #NO_NODE} if its indices name none
 */
public record ShardPlace(int number, int bits, int node) {
  public static final int NO_NODE = -1;
  public static final int MAX_NODE = 63;
  private static final int NODE_SHIFT = 8;

  /** The only shard of an interface. */
  public static final ShardPlace ONLY = new ShardPlace(0, 0);

  /** A shard of an interface whose indices name no node. */
  public ShardPlace(int number, int bits) {
    this(number, bits, NO_NODE);
  }

  /** The place of the shard with this number among {@code count}. */
  public static ShardPlace of(int number, int count) {
    return new ShardPlace(number, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
  }

  /** The same at this node. */
  public ShardPlace at(int numberOfNode) {
    return new ShardPlace(number, bits, numberOfNode);
  }

  /** The node that a receiver index names, if nodes have numbers. */
  public static int nodeOf(int receiverIndex) {
    return receiverIndex >>> NODE_SHIFT & MAX_NODE;
  }

  /** The shard that a receiver index names. */
  public int shardOf(int receiverIndex) {
    return receiverIndex & (1 << bits) - 1;
  }

  /** Whether a receiver index is one of another node's. */
  public boolean isElsewhere(int receiverIndex) {
    return node != NO_NODE && nodeOf(receiverIndex) != node;
  }

  /** A receiver index of this shard; what is not said by the place is as in {@code random}. */
  int index(int random) {
    int index = (random & -(1 << bits)) | number;
    return node == NO_NODE ? index : (index & ~(MAX_NODE << NODE_SHIFT)) | node << NODE_SHIFT;
  }
}
