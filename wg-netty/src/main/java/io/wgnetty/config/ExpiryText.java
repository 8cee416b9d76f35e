package io.wgnetty.config;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;

/**
 * Until when a peer may be there: {@code 2030-12-31}, which is that day to its end in UTC, or a
 * moment such as {@code 2030-12-31T18:00:00+01:00}, in seconds since 1970.
 */
final class ExpiryText {
  private static final String NEVER = "never";
  private static final int DATE_CHARACTERS = 10;

  private ExpiryText() {}

  static long parse(String text) {
    if (text.equalsIgnoreCase(NEVER)) {
      return PeerSettings.FOR_EVER;
    }
    try {
      return text.length() == DATE_CHARACTERS
          ? LocalDate.parse(text).toEpochSecond(LocalTime.MAX, ZoneOffset.UTC)
          : OffsetDateTime.parse(text).toEpochSecond();
    } catch (DateTimeParseException e) {
      throw new IllegalArgumentException(
          "is neither a day such as 2030-12-31 nor a moment such as 2030-12-31T18:00:00Z", e);
    }
  }

  /** The day alone if it is meant to its end. */
  static String of(long notAfter) {
    if (notAfter == PeerSettings.FOR_EVER) {
      return NEVER;
    }
    try {
      OffsetDateTime moment = Instant.ofEpochSecond(notAfter).atOffset(ZoneOffset.UTC);
      boolean wholeDay =
          moment.toLocalTime().equals(LocalTime.of(23, 59, 59))
              && moment.getYear() >= 0
              && moment.getYear() <= 9999;
      return wholeDay ? moment.toLocalDate().toString() : moment.toInstant().toString();
    } catch (DateTimeException e) {
      return Long.toString(notAfter); // further away than any calendar reaches
    }
  }
}
