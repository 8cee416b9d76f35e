package io.wgnetty.handshake;

import java.util.concurrent.atomic.AtomicLong;

/**
 * The clock of a node's handshake timestamps: the wall clock, but it never goes back. A peer
 * refuses every initiation that is not newer than all before (protocol 2.8), so a node whose wall
 * clock was set back could call nobody until the old time is reached again.
 *
 * <p>It goes on at the pace of the clock of ages, from the latest time that the wall clock has
 * shown. Peers may come and go meanwhile. Thread-safe.
 */
public final class StampClock {
  /** How far the wall clock has ever been ahead of the clock of ages. */
  private final AtomicLong leadNs = new AtomicLong(Long.MIN_VALUE);

  /** How far the stamps are ahead of the clock of ages; the next never have less. */
  public long leadNs() {
    return leadNs.get();
  }

  /** Goes on from the stamps of another clock, in whose place this one is. */
  public void goOnFrom(long otherLeadNs) {
    leadNs.accumulateAndGet(otherLeadNs, Math::max);
  }

  /**
   * The time for a stamp, in nanoseconds since 1970.
   *
   * @param nowNs the clock of ages
   * @param epochNs the wall clock
   */
  public long at(long nowNs, long epochNs) {
    return nowNs + leadNs.accumulateAndGet(epochNs - nowNs, Math::max);
  }
}
