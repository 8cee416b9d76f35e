package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What peers have carried in a month before this day of it.
 *
 * @param totals of those who have carried anything
 */
record EarlierInMonth(LocalDate day, Map<PublicKey, DayTotal> totals) {
  static final EarlierInMonth UNKNOWN = new EarlierInMonth(LocalDate.MIN, Map.of());

  private static final Logger LOG = LoggerFactory.getLogger(EarlierInMonth.class);

  /** Reads the days that are kept; what is missing counts as nothing, and is reported. */
  static EarlierInMonth of(String interfaceName, AccountFiles files, LocalDate day) {
    Map<PublicKey, DayTotal> totals = new HashMap<>();
    List<String> warnings = new ArrayList<>();
    if (day.getDayOfMonth() > 1) {
      new KeptDays(files, day).add(day.withDayOfMonth(1), totals, warnings);
    }
    // That accounts are younger than the month is no news.
    warnings.removeIf(warning -> warning.startsWith(KeptDays.NOT_KEPT));
    warnings.forEach(
        warning -> LOG.warn("interface {}: of this month, {}", interfaceName, warning));
    return new EarlierInMonth(day, totals);
  }

  long bytes(PublicKey key) {
    DayTotal total = totals.get(key);
    return total == null ? 0 : total.received() + total.sent();
  }
}
