package io.wgnetty.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.wgnetty.setup.DirectoryStatus;
import java.util.function.Supplier;

/** How the directory of an interface stands. */
final class DirectoryMeters implements AutoCloseable {
  private final StatusMeters<DirectoryStatus> meters;

  DirectoryMeters(MeterRegistry registry, String interfaceName, Supplier<DirectoryStatus> status) {
    this.meters = new StatusMeters<>(registry, status);
    Tags tags = Tags.of("interface", interfaceName);
    String records = "wgnetty_directory_records";
    String stands = "Records that can be read, by what has become of them";
    meters.gauge(records, stands, tags.and("state", "installed"), DirectoryStatus::installed);
    meters.gauge(records, stands, tags.and("state", "wakeable"), DirectoryStatus::wakeable);
    meters.gauge(records, stands, tags.and("state", "disabled"), DirectoryStatus::disabled);
    meters.gauge(records, stands, tags.and("state", "expired"), DirectoryStatus::expired);
    for (String reason : status.get().refused().keySet()) {
      meters.gauge(
          "wgnetty_directory_refused_records",
          "Records that are not in force, by reason",
          tags.and("reason", reason),
          now -> now.refused().getOrDefault(reason, 0L));
    }
    meters.gauge(
        "wgnetty_directory_away_since_timestamp_seconds",
        "Since when the source cannot be reached, since 1970; 0 if it can be",
        tags,
        DirectoryStatus::awaySince);
    meters.gauge(
        "wgnetty_directory_last_change_timestamp_seconds",
        "When the last change of a record came, since 1970",
        tags,
        DirectoryStatus::lastChange);
    meters.gauge(
        "wgnetty_directory_lookups_in_flight",
        "Peers that called or are sent something, and are being looked up",
        tags,
        DirectoryStatus::lookupsInFlight);
    meters.counters(
        "wgnetty_directory_lookups",
        "Calls by keys that no peer had, and packets to them, by what came of that",
        tags,
        "result",
        status.get().lookups().keySet(),
        (now, result) -> now.lookups().get(result));
  }

  @Override
  public void close() {
    meters.close();
  }
}
