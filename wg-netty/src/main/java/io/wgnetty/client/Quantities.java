package io.wgnetty.client;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Amounts as {@code wg} writes them (protocol 7.3). */
public final class Quantities {
  private static final long STEP = 1024;
  private static final String[] BYTE_UNITS = {"B", "KiB", "MiB", "GiB", "TiB"};
  private static final String[] TIME_UNITS = {"year", "day", "hour", "minute", "second"};
  private static final long[] TIME_SECONDS = {365 * 86_400L, 86_400, 3600, 60, 1};

  private final Palette palette;

  public Quantities(Palette palette) {
    this.palette = palette;
  }

  /** Bytes: whole, or with two decimals from 1024 on. */
  String bytes(long bytes) {
    if (bytes < STEP) {
      return bytes + " " + palette.cyan(BYTE_UNITS[0]);
    }
    int unit = 0;
    double amount = bytes;
    while (amount >= STEP && unit < BYTE_UNITS.length - 1) {
      amount /= STEP;
      unit++;
    }
    return String.format(Locale.ROOT, "%.2f ", amount) + palette.cyan(BYTE_UNITS[unit]);
  }

  /** A duration in all its units. */
  String seconds(long seconds) {
    List<String> parts = new ArrayList<>();
    long left = seconds;
    for (int i = 0; i < TIME_UNITS.length; i++) {
      long count = left / TIME_SECONDS[i];
      left %= TIME_SECONDS[i];
      if (count > 0) {
        parts.add(count + " " + palette.cyan(TIME_UNITS[i] + (count == 1 ? "" : "s")));
      }
    }
    return parts.isEmpty() ? "0 " + palette.cyan("seconds") : String.join(", ", parts);
  }

  /** How long ago a moment was, both in seconds since 1970. */
  public String ago(long then, long now) {
    if (then == now) {
      return "Now";
    }
    return then > now
        ? palette.red("(System clock wound backward; connection problems may ensue.)")
        : seconds(now - then) + " ago";
  }
}
