package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** What the command that is run for events of an interface has done. */
final class HookMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<HookCounts> counts;
  private final List<Meter> meters;

  HookMeters(MeterRegistry registry, String interfaceName, Supplier<HookCounts> counts) {
    this.registry = registry;
    this.counts = counts;
    Tags tags = Tags.of("interface", interfaceName);
    String runs = "wgnetty_event_commands";
    String said = "Runs of the command for events";
    meters =
        List.of(
            counter(runs, said, tags.and("result", "ok"), HookCounts::succeeded),
            counter(runs, said, tags.and("result", "failed"), HookCounts::failed),
            counter(
                "wgnetty_event_commands_lost",
                "Events for which no command was run, because too many waited",
                tags,
                HookCounts::lost));
  }

  private Meter counter(
      String name, String description, Tags tags, ToDoubleFunction<HookCounts> value) {
    return FunctionCounter.builder(name, counts, present -> value.applyAsDouble(present.get()))
        .description(description)
        .tags(tags)
        .register(registry);
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
