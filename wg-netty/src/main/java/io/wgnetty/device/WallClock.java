package io.wgnetty.device;

import java.time.Instant;

/** The time of day, for timestamps that others see. Never for ages: it jumps. */
public final class WallClock {
  private static final long NANOS_PER_SECOND = 1_000_000_000L;

  private WallClock() {}

  /** Nanoseconds since 1970. */
  public static long epochNs() {
    Instant now = Instant.now();
    return now.getEpochSecond() * NANOS_PER_SECOND + now.getNano();
  }
}
