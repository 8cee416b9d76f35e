package io.wgnetty.relay;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/**
 * So many a second on average, and no more than a tenth of a second's at once. Several threads may
 * take from it, and none waits.
 */
final class RelayBudget {
  private static final long BURST_NS = TimeUnit.SECONDS.toNanos(1) / 10;

  private final long intervalNs;

  /** Up to when everything that was taken is paid for. */
  private final AtomicLong paidUntilNs = new AtomicLong(Long.MIN_VALUE / 2);

  RelayBudget(int perSecond) {
    this.intervalNs = TimeUnit.SECONDS.toNanos(1) / perSecond;
  }

  /** Takes one, if there is one. */
  boolean take(long nowNs) {
    while (true) {
      long paid = paidUntilNs.get();
      long next = Math.max(paid, nowNs) + intervalNs;
      if (next - nowNs > BURST_NS) {
        return false;
      }
      if (paidUntilNs.compareAndSet(paid, next)) {
        return true;
      }
    }
  }
}
