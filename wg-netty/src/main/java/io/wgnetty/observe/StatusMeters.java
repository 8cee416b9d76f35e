package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Meters of an interface that read a status at each scrape, and go together.
 *
 * @param <S> the status
 */
final class StatusMeters<S> implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<S> status;
  private final List<Meter> meters = new ArrayList<>();

  StatusMeters(MeterRegistry registry, Supplier<S> status) {
    this.registry = registry;
    this.status = status;
  }

  void gauge(String name, String description, Tags tagged, ToDoubleFunction<S> value) {
    meters.add(
        Gauge.builder(name, () -> value.applyAsDouble(status.get()))
            .description(description)
            .tags(tagged)
            .register(registry));
  }

  void counter(String name, String description, Tags tagged, ToDoubleFunction<S> value) {
    meters.add(
        FunctionCounter.builder(name, status, now -> value.applyAsDouble(now.get()))
            .description(description)
            .tags(tagged)
            .register(registry));
  }

  /** A counter for each word, in a tag of this name. */
  void counters(
      String name,
      String description,
      Tags tags,
      String tag,
      Set<String> words,
      BiFunction<S, String, @Nullable Long> value) {
    for (String word : words) {
      counter(name, description, tags.and(tag, word), now -> count(value.apply(now, word)));
    }
  }

  private static double count(@Nullable Long count) {
    return count == null ? 0 : count;
  }

  @Override
  public void close() {
    meters.forEach(registry::remove);
  }
}
