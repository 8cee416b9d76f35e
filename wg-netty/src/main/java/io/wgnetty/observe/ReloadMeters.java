package io.wgnetty.observe;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;

/**
 * Whether an interface is as its file says, since when: what Prometheus tells of its own file,
 * under the same names.
 */
final class ReloadMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final List<Meter> meters;
  private volatile boolean successful;
  private volatile double lastSuccessSeconds;

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
                .register(registry));
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
