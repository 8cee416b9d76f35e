package io.wgnetty.observe;

import io.wgnetty.counters.DropReason;
import io.wgnetty.device.Device;
import java.util.Map;
import java.util.stream.Collectors;

/** What an interface has dropped so far, as one line for the log. */
public final class DropSummary {
  private DropSummary() {}

  /** {@code "not-authentic 12, replayed 3"}, or {@code "nothing"}. */
  public static String of(Device device) {
    return of(device.counters().sum().drops());
  }

  static String of(Map<DropReason, Long> drops) {
    String text =
        drops.entrySet().stream()
            .filter(entry -> entry.getValue() > 0)
            .map(entry -> entry.getKey().word() + " " + entry.getValue())
            .collect(Collectors.joining(", "));
    return text.isEmpty() ? "nothing" : text;
  }
}
