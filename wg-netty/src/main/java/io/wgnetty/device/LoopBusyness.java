package io.wgnetty.device;

/**
 * Whether a loop's own work takes all the time that its thread has. Looked at a hundred times a
 * second while there are packets ({@link LoopLag}). Written by the loop's thread, {@link #isBehind}
 * is for any.
 */
final class LoopBusyness {
  /** Percent of a processor from which on the loop is behind. */
  static final int BEHIND_PERCENT = 85;

  /** Below this it is behind no more: with help it has less to do, which must not end the help. */
  static final int CAUGHT_UP_PERCENT = 50;

  private long lastNs;
  private long lastWorkNs;
  private volatile boolean behind;

  /**
   * Looks how much was done since the last look.
   *
   * @param workNs processor time of the thread so far, without what it did for other loops
   * @return whether the loop is behind, and it is worth while to look again
   */
  boolean look(long nowNs, long workNs) {
    long passedNs = nowNs - lastNs;
    if (passedNs <= 0) {
      return behind;
    }
    long percent = (workNs - lastWorkNs) * 100 / passedNs;
    lastNs = nowNs;
    lastWorkNs = workNs;
    behind = percent >= (behind ? CAUGHT_UP_PERCENT : BEHIND_PERCENT);
    return behind;
  }

  /** Whether it was behind when somebody last looked. */
  boolean isBehind() {
    return behind;
  }
}
