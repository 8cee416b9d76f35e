package io.wgnetty.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.function.Supplier;

/** What the command that is run for events of an interface has done. */
final class HookMeters implements AutoCloseable {
  private final StatusMeters<HookCounts> meters;

  HookMeters(MeterRegistry registry, String interfaceName, Supplier<HookCounts> counts) {
    this.meters = new StatusMeters<>(registry, counts);
    Tags tags = Tags.of("interface", interfaceName);
    String runs = "wgnetty_event_commands";
    String said = "Runs of the command for events";
    meters.counter(runs, said, tags.and("result", "ok"), HookCounts::succeeded);
    meters.counter(runs, said, tags.and("result", "failed"), HookCounts::failed);
    meters.counter(
        "wgnetty_event_commands_lost",
        "Events for which no command was run, because too many waited",
        tags,
        HookCounts::lost);
  }

  @Override
  public void close() {
    meters.close();
  }
}
