package io.wgnetty.limit;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;

/**
 * One direction of a group's limit, for peers on any number of loops. A loop takes a slice of what
 * may be carried, one millisecond's worth, by moving on the moment at which all slices that were
 * given out are used: one compare-and-set a slice, and no lock. Slices are given out in the order
 * in which they are asked for, so that loops that all want more get the same.
 *
 * <p>Any thread.
 */
public final class SharedPace {
  /** A slice is what goes in a second divided by this; at least one bit or packet. */
  private static final long SLICES_PER_SECOND = 1_000;

  private volatile RateLimit limit;

  /** When all slices that were given out have gone, at exactly the limit. */
  private final AtomicLong bitsDoneNs = new AtomicLong(Long.MIN_VALUE / 2);

  private final AtomicLong packetsDoneNs = new AtomicLong(Long.MIN_VALUE / 2);

  /** Of how many peers packets wait, on all loops. */
  private final AtomicInteger waiting = new AtomicInteger();

  public SharedPace(RateLimit limit) {
    this.limit = limit;
  }

  /** Goes on at another pace. */
  void change(RateLimit newLimit) {
    limit = newLimit;
  }

  RateLimit limit() {
    return limit;
  }

  static long slice(long perSecond) {
    return Math.max(1, perSecond / SLICES_PER_SECOND);
  }

  /**
   * Takes the next slice of bits.
   *
   * @param sinceNs from when on it could have been used
   * @return when it may be used
   */
  long takeBits(long perSecond, long sinceNs) {
    return take(bitsDoneNs, perSecond, sinceNs);
  }

  /** Takes the next slice of packets, as {@link #takeBits}. */
  long takePackets(long perSecond, long sinceNs) {
    return take(packetsDoneNs, perSecond, sinceNs);
  }

  private static long take(AtomicLong doneNs, long perSecond, long sinceNs) {
    long sliceNs = slice(perSecond) * Pace.NANOS_PER_SECOND / perSecond;
    long done = doneNs.getAndUpdate(before -> Math.max(before, sinceNs) + sliceNs);
    return Math.max(done, sinceNs);
  }

  /** Packets of one peer more, or less, wait. */
  void countWaiting(int change) {
    waiting.addAndGet(change);
  }

  int waiting() {
    return waiting.get();
  }
}
