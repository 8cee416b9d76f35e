package io.wgnetty.node;

import io.wgnetty.device.HelpMode;
import io.wgnetty.radius.RadiusSettings;
import io.wgnetty.setup.ClusterOptions;
import java.util.EnumSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the command line says of how a node is to run.
 *
 * @param loops how many event loops carry data; {@code null} for one a core
 * @param help when loops seal and open for one that is behind
 * @param aead the cipher implementation's name; {@code null} for the fastest
 * @param without the offloads that are switched off
 * @param metrics where metrics are served; {@code null} for nowhere
 * @param metricsPeers how many peers have series of their own
 * @param memory whether traces of peers outlive a run
 * @param account whether totals of peers outlive a run
 * @param onEvent command that is run for each event; {@code null} for none
 * @param radius where accounting is sent; {@code null} for nowhere
 * @param cluster what it is among other nodes
 */
public record NodeOptions(
    @Nullable Integer loops,
    HelpMode help,
    @Nullable String aead,
    Set<Offload> without,
    @Nullable String metrics,
    int metricsPeers,
    boolean memory,
    boolean account,
    @Nullable String onEvent,
    @Nullable RadiusSettings radius,
    ClusterOptions cluster) {
  /** Each peer is a handful of series, which somebody has to store. */
  public static final int MAX_METRICS_PEERS = 1000;

  /** Everything as it is best. */
  public static final NodeOptions DEFAULT =
      new NodeOptions(
          null,
          HelpMode.AUTO,
          null,
          EnumSet.noneOf(Offload.class),
          null,
          0,
          true,
          false,
          null,
          null,
          ClusterOptions.NONE);

  public NodeOptions {
    without = Set.copyOf(without);
  }

  /** The same among other nodes. */
  public NodeOptions inCluster(ClusterOptions other) {
    return new NodeOptions(
        loops, help, aead, without, metrics, metricsPeers, memory, account, onEvent, radius, other);
  }
}
