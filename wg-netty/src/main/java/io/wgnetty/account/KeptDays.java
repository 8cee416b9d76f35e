package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;

/** The days that are over, as far as they are kept. */
record KeptDays(AccountFiles files, LocalDate today) {
  /** How the warning begins that days are older than the accounts. */
  static final String NOT_KEPT = "days before ";

  /**
   * Adds what was carried from a day on.
   *
   * @param warnings gets what is missing, in words
   */
  void add(LocalDate since, Map<PublicKey, DayTotal> totals, List<String> warnings) {
    try {
      NavigableSet<LocalDate> kept = files.days();
      LocalDate first = kept.isEmpty() ? today : kept.first();
      if (since.isBefore(first)) {
        warnings.add(NOT_KEPT + first + " are not kept");
      }
      for (LocalDate day : kept.tailSet(since)) {
        addDay(day, totals, warnings);
      }
    } catch (IOException e) {
      warnings.add("the days cannot be listed: " + e.getMessage());
    }
  }

  private void addDay(LocalDate day, Map<PublicKey, DayTotal> totals, List<String> warnings) {
    Map<PublicKey, DayTotal> of = new HashMap<>();
    try {
      files.readDay(day, of::put);
      of.forEach((key, total) -> totals.merge(key, total, DayTotal::plus));
    } catch (IOException e) {
      warnings.add("the day " + day + " is missing: " + e.getMessage());
    }
  }
}
