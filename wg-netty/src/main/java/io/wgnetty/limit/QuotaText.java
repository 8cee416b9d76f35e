package io.wgnetty.limit;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The words for quotas: {@code 50GB a month, then 1M}; {@code 2GB a day, then off}, which is meant
 * where nothing follows.
 */
public final class QuotaText {
  private static final Pattern QUOTA =
      Pattern.compile(
          "([0-9]{1,18})\\s*([kmgt]?)b\\s*(?:a|per|/)\\s*(day|month)(?:\\s*,?\\s*then\\s+(.+))?",
          Pattern.CASE_INSENSITIVE);

  private static final int MAX_CHARACTERS = 300;
  private static final String UNITS = "kMGT";

  private QuotaText() {}

  /**
   * Reads a quota; {@code null} for {@code off}.
   *
   * @throws IllegalArgumentException with what is wrong with it
   */
  public static @Nullable Quota parse(String text) {
    String all = text.strip();
    if (all.equalsIgnoreCase("off")) {
      return null;
    }
    Matcher matcher = QUOTA.matcher(all.length() > MAX_CHARACTERS ? "" : all);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(
          "a quota is an amount a day or a month, and what happens then, such as 50GB a month, then"
              + " 1M, or 2GB a day, then off; or off");
    }
    var period = Quota.Period.valueOf(matcher.group(3).toUpperCase(Locale.ROOT));
    PeerLimit then = matcher.group(4) == null ? PeerLimit.NONE : LimitText.parse(matcher.group(4));
    long bytes = bytes(Long.parseLong(matcher.group(1)), matcher.group(2));
    return new Quota(bytes, period, then.in(), then.out());
  }

  private static long bytes(long value, String unit) {
    long bytes = value;
    int steps = unit.isEmpty() ? 0 : UNITS.toLowerCase(Locale.ROOT).indexOf(lower(unit)) + 1;
    for (int i = 0; i < steps; i++) {
      bytes = bytes > Long.MAX_VALUE / 1000 ? Long.MAX_VALUE : bytes * 1000;
    }
    return bytes;
  }

  private static String lower(String text) {
    return text.toLowerCase(Locale.ROOT);
  }

  /** Bytes in the units of quotas, with two decimals. */
  public static String amount(long bytes) {
    double value = bytes;
    int unit = -1;
    while (value >= 1000 && unit + 1 < UNITS.length()) {
      value /= 1000;
      unit++;
    }
    return unit < 0
        ? bytes + "B"
        : String.format(Locale.ROOT, "%.2f%sB", value, UNITS.substring(unit, unit + 1));
  }

  static String format(Quota quota) {
    long value = quota.bytes();
    int unit = -1;
    while (value % 1000 == 0 && unit + 1 < UNITS.length()) {
      value /= 1000;
      unit++;
    }
    return value
        + (unit < 0 ? "" : UNITS.substring(unit, unit + 1))
        + "B a "
        + quota.period().word()
        + ", then "
        + LimitText.format(quota.thenIn(), quota.thenOut());
  }
}
