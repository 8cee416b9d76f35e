package io.wgnetty.observe;

import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.wgnetty.setup.ClusterStatus;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;

/** How the cluster of an interface stands. */
final class ClusterMeters implements AutoCloseable {
  private final MeterRegistry registry;
  private final Supplier<ClusterStatus> status;
  private final Tags tags;
  private final List<Meter> meters = new ArrayList<>();

  ClusterMeters(MeterRegistry registry, String interfaceName, Supplier<ClusterStatus> status) {
    this.registry = registry;
    this.status = status;
    this.tags = Tags.of("interface", interfaceName);
    gauge("wgnetty_cluster_nodes", "Nodes that are there", tags, now -> now.nodes().size());
    String peers = "wgnetty_cluster_peers";
    String where = "Peers with a session, by where they are";
    gauge(peers, where, tags.and("at", "here"), ClusterStatus::here);
    gauge(peers, where, tags.and("at", "elsewhere"), ClusterStatus::elsewhere);
    gauge(
        "wgnetty_cluster_announced_routes",
        "Routes that say which peers are here",
        tags,
        ClusterStatus::routes);
    gauge(
        "wgnetty_cluster_waiting_changes",
        "Changes that are not written to the directory yet",
        tags,
        ClusterStatus::waiting);
    for (String word : status.get().counts().keySet()) {
      meters.add(
          FunctionCounter.builder(
                  "wgnetty_cluster_events",
                  status,
                  now -> now.get().counts().getOrDefault(word, 0L))
              .description("What was done for the cluster")
              .tags(tags.and("event", word))
              .register(registry));
    }
  }

  private void gauge(
      String name, String description, Tags tagged, ToDoubleFunction<ClusterStatus> value) {
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
