package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What became of an interface's accounting by RADIUS. */
final class RadiusMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<RadiusCounts> counts;
  private final Tags tags;
  private final List<Meter> meters;

  RadiusMeters(MeterRegistry registry, String interfaceName, Supplier<RadiusCounts> counts) {
    this.registry = registry;
    this.counts = counts;
    this.tags = Tags.of("interface", interfaceName);
    String records = "wgnetty_radius_records";
    String said = "Records for the RADIUS server, by what became of them";
    meters =
        List.of(
            counter(records, said, tags.and("result", "ok"), RadiusCounts::acknowledged),
            counter(records, said, tags.and("result", "dropped"), RadiusCounts::dropped),
            counter(
                "wgnetty_radius_retransmissions",
                "Requests to the RADIUS server that were sent again",
                tags,
                RadiusCounts::retransmissions),
            counter(
                "wgnetty_radius_answers_refused",
                "Answers that are not of the RADIUS server, or of one with another secret",
                tags,
                RadiusCounts::refusedAnswers),
            gauge(
                "wgnetty_radius_records_waiting",
                "Records that the RADIUS server has not confirmed yet",
                RadiusCounts::waiting),
            gauge(
                "wgnetty_radius_sessions",
                "Peers that are connected, as the RADIUS server is told",
                RadiusCounts::sessions));
  }

  private Meter counter(
      String name, String description, Tags with, ToDoubleFunction<RadiusCounts> value) {
    return FunctionCounter.builder(name, counts, present -> value.applyAsDouble(present.get()))
        .description(description)
        .tags(with)
        .register(registry);
  }

  private Meter gauge(String name, String description, ToDoubleFunction<RadiusCounts> value) {
    return Gauge.builder(name, counts, present -> value.applyAsDouble(present.get()))
        .description(description)
        .tags(tags)
        .strongReference(true)
        .register(registry);
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
