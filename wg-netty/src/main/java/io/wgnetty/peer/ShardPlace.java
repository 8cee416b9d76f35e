package io.wgnetty.peer;

/**
 * How a shard fits into its interface.
 *
 * @param number which of the interface's shards it is; the low bits of its receiver indices
 * @param bits how many low bits that takes
 */
public record ShardPlace(int number, int bits) {
  /** The only shard of an interface. */
  public static final ShardPlace ONLY = new ShardPlace(0, 0);

  /** The place of the shard with this number among {@code count}. */
  public static ShardPlace of(int number, int count) {
    return new ShardPlace(number, Integer.SIZE - Integer.numberOfLeadingZeros(count - 1));
  }
}
