package io.wgnetty.tun;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a channel remembers of reads that failed: when they are too many in a row to be of single
 * packets, and when that was said last.
 */
final class ReadFailures {
  private static final Logger log = LoggerFactory.getLogger(ReadFailures.class);

  /** Failed reads in a row that are taken as failures of single packets. */
  static final int MAX_IN_A_ROW = 16;

  /** A failure that lasts is told of as often. */
  private static final long COMPLAINT_INTERVAL_NS = TimeUnit.MINUTES.toNanos(1);

  private final AtomicLong pauses = new AtomicLong();
  private int inARow;
  private long untold;
  private long complainedNs;
  private boolean complained;

  /** A read ended; returns whether it is time for a pause. */
  boolean ended(boolean failure) {
    inARow = failure ? inARow + 1 : 0;
    return inARow >= MAX_IN_A_ROW;
  }

  /** Reading pauses: counts it, and says so unless that was just done. */
  void pause(Object channel, int delayMs, @Nullable Throwable cause) {
    inARow = 0;
    pauses.setRelease(pauses.getPlain() + 1); // only the channel's loop writes
    untold++;
    long nowNs = System.nanoTime();
    if (complained && nowNs - complainedNs < COMPLAINT_INTERVAL_NS) {
      return;
    }
    complained = true;
    complainedNs = nowNs;
    log.warn(
        "{}: reading fails, and is tried again every {} ms (failures since this was last said: {})",
        channel,
        delayMs,
        untold,
        cause);
    untold = 0;
  }

  /** How often reading paused so far; from any thread. */
  long pauses() {
    return pauses.getAcquire();
  }
}
