package io.wgnetty.limit;

/**
 * One loop's share of a group's limit in one direction: the slices that it has taken, and what is
 * left of the last one. A packet that is larger than what is left makes a debt, for which the next
 * slices go. Not thread-safe.
 */
public final class PaceShare {
  private static final long NOTHING_TAKEN = Long.MIN_VALUE;

  private final SharedPace shared;
  private long bitsLeft;
  private long packetsLeft;

  /** When the slice may be used that was taken and is not used yet. */
  private long nextBitsNs = NOTHING_TAKEN;

  private long nextPacketsNs = NOTHING_TAKEN;

  /** Of how many peers of this loop packets wait. */
  private int waiting;

  PaceShare(SharedPace shared) {
    this.shared = shared;
  }

  /** Whether this is the share of that pace. */
  boolean isOf(SharedPace pace) {
    return shared == pace;
  }

  /**
   * Whether a packet may go now.
   *
   * @param sinceNs from when on it could have gone
   */
  boolean isFree(long nowNs, long sinceNs) {
    RateLimit limit = shared.limit();
    boolean bits = hasBits(limit.bitsPerSecond(), nowNs, sinceNs);
    boolean packets = hasPackets(limit.packetsPerSecond(), nowNs, sinceNs); // both are asked for
    return bits && packets;
  }

  private boolean hasBits(long perSecond, long nowNs, long sinceNs) {
    while (perSecond != 0 && bitsLeft <= 0) {
      if (nextBitsNs == NOTHING_TAKEN) {
        nextBitsNs = shared.takeBits(perSecond, sinceNs);
      }
      if (nextBitsNs - Pace.BURST_NS > nowNs) {
        return false;
      }
      nextBitsNs = NOTHING_TAKEN;
      bitsLeft += SharedPace.slice(perSecond);
    }
    return true;
  }

  private boolean hasPackets(long perSecond, long nowNs, long sinceNs) {
    while (perSecond != 0 && packetsLeft <= 0) {
      if (nextPacketsNs == NOTHING_TAKEN) {
        nextPacketsNs = shared.takePackets(perSecond, sinceNs);
      }
      if (nextPacketsNs - Pace.BURST_NS > nowNs) {
        return false;
      }
      nextPacketsNs = NOTHING_TAKEN;
      packetsLeft += SharedPace.slice(perSecond);
    }
    return true;
  }

  /** These go. */
  void charge(int bytes, int packets) {
    RateLimit limit = shared.limit();
    bitsLeft = limit.bitsPerSecond() == 0 ? 0 : bitsLeft - (long) bytes * Byte.SIZE;
    packetsLeft = limit.packetsPerSecond() == 0 ? 0 : packetsLeft - packets;
  }

  /** How long so much takes if all that wait get the same. */
  long durationNs(int bytes, int packets) {
    return Pace.durationNs(shared.limit(), bytes, packets) * Math.max(1, shared.waiting());
  }

  /** Packets of one peer more, or less, wait. */
  void countWaiting(int change) {
    waiting += change;
    shared.countWaiting(change);
  }

  /** Whether packets of this loop's peers wait: who comes then waits behind them. */
  boolean isQueued() {
    return waiting > 0;
  }
}
