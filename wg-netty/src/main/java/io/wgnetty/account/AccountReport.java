package io.wgnetty.account;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * What peers have carried in a time.
 *
 * @param generation when the totals' generation began, in seconds since 1970
 * @param lines in no order
 * @param warnings what is missing, in words
 */
public record AccountReport(long generation, List<Line> lines, List<String> warnings) {
  private static final long NS_PER_SECOND = 1_000_000_000L;

  /**
   * One peer's.
   *
   * @param present whether it is a peer now; it was removed if not
   * @param lastHandshakeEpochSeconds 0 if there was none in this run
   */
  public record Line(
      PublicKey publicKey,
      long receivedBytes,
      long sentBytes,
      boolean present,
      long lastHandshakeEpochSeconds) {}

  public AccountReport {
    lines = List.copyOf(lines);
    warnings = List.copyOf(warnings);
  }

  static AccountReport of(
      long generation,
      Map<PublicKey, DayTotal> totals,
      Map<PublicKey, Long> handshakes,
      List<String> warnings) {
    List<Line> lines = new ArrayList<>(totals.size());
    totals.forEach(
        (key, total) ->
            lines.add(
                new Line(
                    key,
                    total.received(),
                    total.sent(),
                    handshakes.containsKey(key),
                    handshakes.getOrDefault(key, 0L) / NS_PER_SECOND)));
    return new AccountReport(generation, lines, warnings);
  }
}
