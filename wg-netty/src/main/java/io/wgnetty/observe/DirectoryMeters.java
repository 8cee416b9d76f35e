package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.wgnetty.setup.DirectoryStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How the directory of an interface stands. */
final class DirectoryMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<DirectoryStatus> status;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();

  DirectoryMeters(MeterRegistry registry, String interfaceName, Supplier<DirectoryStatus> status) {
    this.registry = registry;
    this.status = status;
    this.tags = Tags.of("interface", interfaceName);
    String records = "wgnetty_directory_records";
    String stands = "Records that can be read, by what has become of them";
    gauge(records, stands, tags.and("state", "installed"), DirectoryStatus::installed);
    gauge(records, stands, tags.and("state", "wakeable"), DirectoryStatus::wakeable);
    gauge(records, stands, tags.and("state", "disabled"), DirectoryStatus::disabled);
    gauge(records, stands, tags.and("state", "expired"), DirectoryStatus::expired);
    for (String reason : status.get().refused().keySet()) {
      gauge(
          "wgnetty_directory_refused_records",
          "Records that are not in force, by reason",
          tags.and("reason", reason),
          now -> now.refused().getOrDefault(reason, 0L));
    }
    gauge(
        "wgnetty_directory_away_since_timestamp_seconds",
        "Since when the source cannot be reached, since 1970; 0 if it can be",
        tags,
        DirectoryStatus::awaySince);
    gauge(
        "wgnetty_directory_last_change_timestamp_seconds",
        "When the last change of a record came, since 1970",
        tags,
        DirectoryStatus::lastChange);
    gauge(
        "wgnetty_directory_lookups_in_flight",
        "Peers that called or are sent something, and are being looked up",
        tags,
        DirectoryStatus::lookupsInFlight);
    for (String result : status.get().lookups().keySet()) {
      meters.add(
          FunctionCounter.builder(
                  "wgnetty_directory_lookups",
                  status,
                  now -> now.get().lookups().getOrDefault(result, 0L))
              .description(
                  "Calls by keys that no peer had, and packets to them, by what came of that")
              .tags(tags.and("result", result))
              .register(registry));
    }
  }

  private void gauge(
      String name, String description, Tags tagged, ToDoubleFunction<DirectoryStatus> value) {
    meters.add(
        Gauge.builder(name, () -> value.applyAsDouble(status.get()))
            .description(description)
            .tags(tagged)
            .register(registry));
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
