package io.wgnetty.limit;

import java.util.concurrent.TimeUnit;

/**
 * When the next packet may go, so that a limit is kept: a token bucket, told in moments instead of
 * tokens. What is not used for longer than the burst is lost.
 */
final class Pace {
  static final long NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  /** What may go at once after a pause: enough for a timer that comes late by some of it. */
  static final long BURST_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private RateLimit limit;

  /** When all that went would have gone, at exactly the limit. */
  private long bitsDoneNs = Long.MIN_VALUE / 2;

  private long packetsDoneNs = Long.MIN_VALUE / 2;

  Pace(RateLimit limit) {
    this.limit = limit;
  }

  /** Goes on at another pace. */
  void change(RateLimit newLimit, long nowNs) {
    limit = newLimit;
    bitsDoneNs = Math.min(bitsDoneNs, nowNs);
    packetsDoneNs = Math.min(packetsDoneNs, nowNs);
  }

  RateLimit limit() {
    return limit;
  }

  /** Whether a packet may go now. */
  boolean isFree(long nowNs) {
    return Math.max(bitsDoneNs, packetsDoneNs) - BURST_NS <= nowNs;
  }

  /** These go, and could have gone since that moment. */
  void charge(long sinceNs, int bytes, int packets) {
    bitsDoneNs = Math.max(bitsDoneNs, sinceNs) + bitsNs(limit, bytes);
    packetsDoneNs = Math.max(packetsDoneNs, sinceNs) + packetsNs(limit, packets);
  }

  /** How long so much takes. */
  long durationNs(int bytes, int packets) {
    return durationNs(limit, bytes, packets);
  }

  static long durationNs(RateLimit limit, int bytes, int packets) {
    return Math.max(bitsNs(limit, bytes), packetsNs(limit, packets));
  }

  private static long bitsNs(RateLimit limit, int bytes) {
    long bits = limit.bitsPerSecond();
    return bits == 0 ? 0 : (long) ((double) bytes * Byte.SIZE * NANOS_PER_SECOND / bits);
  }

  private static long packetsNs(RateLimit limit, int packets) {
    long rate = limit.packetsPerSecond();
    return rate == 0 ? 0 : packets * NANOS_PER_SECOND / rate;
  }
}
