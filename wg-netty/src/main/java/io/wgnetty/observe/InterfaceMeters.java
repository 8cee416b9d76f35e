package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.wgnetty.device.LoopCounters;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * The meters of one interface, all computed from its {@link InterfaceReading}. No meter is touched
 * by a packet: the loops keep plain counters, which are read when somebody scrapes.
 */
final class InterfaceMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final InterfaceReading reading;
  private final Tags tags;
  private final int loops;
  private final List<Meter> meters = new ArrayList<>();

  /** Registers them. */
  InterfaceMeters(MeterRegistry registry, InterfaceReading reading) {
    this.registry = registry;
    this.reading = reading;
    this.tags = Tags.of("interface", reading.name());
    this.loops = reading.counters().loops().size();
    InterfaceMeterCatalogue.register(this);
  }

  InterfaceReading reading() {
    return reading;
  }

  /** A counter over all loops. */
  void count(String name, String help, Tags more, ToDoubleFunction<LoopCounters> value) {
    counter(name, help, more, r -> value.applyAsDouble(r.sum()));
  }

  /** A counter for each loop. */
  void countLoops(String name, String help, Tags more, ToDoubleFunction<LoopCounters> value) {
    for (int i = 0; i < loops; i++) {
      int loop = i;
      counter(name, help, more.and(loopTag(i)), r -> value.applyAsDouble(r.loop(loop)));
    }
  }

  /** A gauge for each loop. */
  void gaugeLoops(String name, String help, LoopGauge value) {
    for (int i = 0; i < loops; i++) {
      int loop = i;
      gauge(name, help, loopTag(i), r -> value.of(r, loop));
    }
  }

  /** A gauge of the interface as a whole. */
  void gauge(String name, String help, ToDoubleFunction<InterfaceReading> value) {
    gauge(name, help, Tags.empty(), value);
  }

  /** What a loop's gauge shows. */
  @FunctionalInterface
  interface LoopGauge {
    double of(InterfaceReading reading, int loop);
  }

  private static Tags loopTag(int number) {
    return Tags.of("loop", Integer.toString(number));
  }

  /** A counter of the interface as a whole. */
  void counter(String name, String help, Tags more, ToDoubleFunction<InterfaceReading> value) {
    meters.add(
        FunctionCounter.builder(name, reading, value)
            .description(help)
            .tags(tags.and(more))
            .register(registry));
  }

  /** A gauge of one thing of the interface. */
  void gauge(String name, String help, Tags more, ToDoubleFunction<InterfaceReading> value) {
    meters.add(
        Gauge.builder(name, reading, value)
            .description(help)
            .tags(tags.and(more))
            .register(registry));
  }

  /** Takes them out of the registry. */
  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
