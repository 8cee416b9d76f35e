package io.wgnetty.observe;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.wgnetty.setup.ClusterStatus;
import java.util.function.Supplier;

/** How the cluster of an interface stands. */
final class ClusterMeters implements AutoCloseable {
  private final StatusMeters<ClusterStatus> meters;

  ClusterMeters(MeterRegistry registry, String interfaceName, Supplier<ClusterStatus> status) {
    this.meters = new StatusMeters<>(registry, status);
    Tags tags = Tags.of("interface", interfaceName);
    meters.gauge("wgnetty_cluster_nodes", "Nodes that are there", tags, now -> now.nodes().size());
    String peers = "wgnetty_cluster_peers";
    String where = "Peers with a session, by where they are";
    meters.gauge(peers, where, tags.and("at", "here"), ClusterStatus::here);
    meters.gauge(peers, where, tags.and("at", "elsewhere"), ClusterStatus::elsewhere);
    meters.gauge(
        "wgnetty_cluster_announced_routes",
        "Routes that say which peers are here",
        tags,
        ClusterStatus::routes);
    meters.gauge(
        "wgnetty_cluster_waiting_changes",
        "Changes that are not written to the directory yet",
        tags,
        ClusterStatus::waiting);
    meters.counters(
        "wgnetty_cluster_events",
        "What was done for the cluster",
        tags,
        "event",
        status.get().counts().keySet(),
        (now, word) -> now.counts().get(word));
  }

  @Override
  public void close() {
    meters.close();
  }
}
