package io.wgnetty.storm;

import java.util.concurrent.TimeUnit;

/**
 * The time of day that goes with a monotonic one: timestamps of initiations may never go back.
 *
 * @param offsetNs what is to be added to {@link System#nanoTime}
 */
record EpochClock(long offsetNs) {
  static EpochClock ofSystem() {
    return new EpochClock(
        TimeUnit.MILLISECONDS.toNanos(System.currentTimeMillis()) - System.nanoTime());
  }

  long epochNs(long nowNs) {
    return nowNs + offsetNs;
  }
}
