package io.wgnetty.limit;

import java.time.LocalDate;
import java.util.Locale;

/**
 * How much may be carried in a time, and what happens then until the next one begins.
 *
 * @param bytes in both directions together, as the counters of peers count them
 * @param thenIn the pace at which it goes on from the peer; none with {@code thenOut} for off
 * @param thenOut the pace at which it goes on to the peer
 */
public record Quota(long bytes, Period period, RateLimit thenIn, RateLimit thenOut) {
  public static final long LEAST_BYTES = 1_000;

  /** More than anybody carries: a slip of the pen. */
  public static final long GREATEST_BYTES = 1_000_000_000_000_000_000L;

  /** A time, by the calendar in UTC. */
  public enum Period {
    DAY,
    MONTH;

    /** The first day of the time in which this day is. */
    public LocalDate firstDay(LocalDate day) {
      return this == DAY ? day : day.withDayOfMonth(1);
    }

    /** As it is written. */
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /**
   * @throws IllegalArgumentException for an amount that is not between the least and the greatest
   */
  public Quota {
    if (bytes < LEAST_BYTES || bytes > GREATEST_BYTES) {
      throw new IllegalArgumentException("a quota is from 1kB to 1000000TB");
    }
  }

  /** Whether nothing is carried any more when it is used up. */
  public boolean endsTraffic() {
    return thenIn.isNone() && thenOut.isNone();
  }

  /** As {@link QuotaText} reads it. */
  @Override
  public String toString() {
    return QuotaText.format(this);
  }
}
