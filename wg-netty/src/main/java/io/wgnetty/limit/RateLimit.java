package io.wgnetty.limit;

/**
 * What may go in one direction.
 *
 * @param bitsPerSecond of inner packets, headers included; 0 if there is no such limit
 * @param packetsPerSecond inner packets; 0 if there is no such limit
 */
public record RateLimit(long bitsPerSecond, long packetsPerSecond) {
  public static final RateLimit NONE = new RateLimit(0, 0);

  /** A packet of full size takes 1.5 s then: slower is no network any more. */
  public static final long LEAST_BITS_PER_SECOND = 8_000;

  /** More than any machine carries: a slip of the pen. */
  public static final long GREATEST_BITS_PER_SECOND = 1_000_000_000_000L;

  public static final long GREATEST_PACKETS_PER_SECOND = 1_000_000_000L;

  /**
   * @throws IllegalArgumentException for what is neither 0 nor between the least and the greatest
   */
  public RateLimit {
    boolean bitsFit =
        bitsPerSecond == 0
            || (bitsPerSecond >= LEAST_BITS_PER_SECOND
                && bitsPerSecond <= GREATEST_BITS_PER_SECOND);
    if (!bitsFit || packetsPerSecond < 0 || packetsPerSecond > GREATEST_PACKETS_PER_SECOND) {
      throw new IllegalArgumentException("out of range");
    }
  }

  /** What keeps to both. */
  public RateLimit and(RateLimit other) {
    return new RateLimit(
        lesser(bitsPerSecond, other.bitsPerSecond),
        lesser(packetsPerSecond, other.packetsPerSecond));
  }

  private static long lesser(long one, long other) {
    return one == 0 || other == 0 ? Math.max(one, other) : Math.min(one, other);
  }

  public boolean isNone() {
    return bitsPerSecond == 0 && packetsPerSecond == 0;
  }
}
