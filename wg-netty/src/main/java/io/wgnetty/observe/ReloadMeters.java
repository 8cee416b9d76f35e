package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Whether an interface is as its file says, since when: what Prometheus tells of its own file,
 * under the same names. And how many of the file's peers have expired.
 */
final class ReloadMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters;
  private volatile boolean successful;
  private volatile double lastSuccessSeconds;
  private volatile LongSupplier expired = () -> 0;

  ReloadMeters(MeterRegistry registry, String interfaceName) {
    this.registry = registry;
    Tags tags = Tags.of("interface", interfaceName);
    meters =
        List.of(
            Gauge.builder("wgnetty_config_last_reload_successful", () -> successful ? 1 : 0)
                .description("0 when the file was read last and could not be applied as a whole")
                .tags(tags)
                .register(registry),
            Gauge.builder(
                    "wgnetty_config_last_reload_success_timestamp_seconds",
                    () -> lastSuccessSeconds)
                .description("When the file was last applied, since 1970")
                .tags(tags)
                .register(registry),
            FunctionCounter.builder("wgnetty_peers_expired", this, now -> now.expired.getAsLong())
                .description("Peers that were removed because their time was over")
                .tags(tags)
                .register(registry));
  }

  /** So many of the file's peers have come to their end so far. */
  void expires(LongSupplier count) {
    expired = count;
  }

  /** The file was read. */
  void record(boolean applied, double epochSeconds) {
    successful = applied;
    if (applied) {
      lastSuccessSeconds = epochSeconds;
    }
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
