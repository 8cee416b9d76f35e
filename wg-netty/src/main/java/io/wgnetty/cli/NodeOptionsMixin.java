package io.wgnetty.cli;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.device.HelpMode;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.NodeOptions;
import io.wgnetty.node.Offload;
import io.wgnetty.radius.RadiusSettings;
import io.wgnetty.setup.ClusterOptions;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of every command that runs a node. */
final class NodeOptionsMixin {
  @Option(
      names = "--loops",
      paramLabel = "N",
      description = "Event loops that carry data; one for each core unless given.")
  private @Nullable Integer loops;

  @Option(
      names = "--helpers",
      paramLabel = "WHEN",
      description =
          "When event loops encrypt for one that is behind: auto (if there are three or more), on"
              + " (also if there are two), off. auto unless given.")
  private String helpers = "auto";

  @Option(
      names = "--aead",
      paramLabel = "NAME",
      description =
          "Cipher implementation: ipsec-mb, boringssl, openssl, jdk; the fastest unless given.")
  private @Nullable String aead;

  @Option(
      names = "--no-offload",
      paramLabel = "NAME",
      split = ",",
      description =
          "Switches offloads off: tun-tso, tun-uso (reading the interface), tun-tcp-gro, tun-udp-gro"
              + " (writing it), udp-gso (sending), udp-gro (receiving), or all. Separate several"
              + " with commas.")
  private List<String> withoutOffloads = List.of();

  @Option(
      names = "--metrics",
      paramLabel = "[ADDRESS:]PORT",
      description =
          "Serves /metrics for Prometheus, /healthz and /readyz over HTTP; on the loopback address"
              + " unless another one is given.")
  private @Nullable String metrics;

  @Option(
      names = "--metrics-peers",
      paramLabel = "N",
      description = "Adds series of the N busiest peers to the metrics; 0 unless given.")
  private int metricsPeers;

  @Option(
      names = "--no-memory",
      description =
          "Keeps no file of where peers were and when they called, and calls nobody after a start.")
  private boolean noMemory;

  @Option(
      names = "--account",
      description =
          "Keeps what each peer has carried over restarts, for 'wg-netty account' and /metrics/peers.")
  private boolean account;

  @Option(
      names = "--on-event",
      paramLabel = "COMMAND",
      description =
          "Runs a shell command for each event, as 'wg-netty events' tells them, with what it says in"
              + " the variables WG_EVENT, WG_INTERFACE, WG_PEER, WG_LABEL ...")
  private @Nullable String onEvent;

  @Option(
      names = "--radius",
      paramLabel = "HOST:PORT",
      description =
          "Tells this RADIUS server when peers were connected and what they carried (accounting,"
              + " RFC 2866); its port is mostly 1813.")
  private @Nullable String radius;

  @Option(
      names = "--radius-secret-file",
      paramLabel = "FILE",
      description = "Holds the secret that is shared with the RADIUS server.")
  private @Nullable String radiusSecretFile;

  @Option(
      names = "--radius-interim",
      paramLabel = "SECONDS",
      description = "How often the RADIUS server hears of each connected peer; 300 unless given.")
  private @Nullable Integer radiusInterim;

  @Option(
      names = "--user",
      paramLabel = "NAME[:GROUP]",
      description = "Runs as that user, with the capability NET_ADMIN only.")
  private @Nullable String user;

  @Option(
      names = "--keep",
      paramLabel = "CAPABILITY",
      description =
          "Keeps more than NET_ADMIN: net_bind_service for ports below 1024, sys_admin to see the MTU"
              + " of an interface in another network namespace, or all. Separate several with"
              + " commas.")
  private @Nullable String keep;

  /**
   * What the options say.
   *
   * @throws CommandFailure if one has a value that it cannot have
   */
  NodeOptions options() throws CommandFailure {
    if (user != null || keep != null) {
      // Rights are given up before there is a JVM, or its threads would keep them.
      throw CommandFailure.usage(
          "--user and --keep are the launcher's: start it with bin/wg-netty");
    }
    if (loops != null && (loops < 1 || loops > DeviceOptions.MAX_LOOPS)) {
      throw CommandFailure.usage("--loops: 1 to " + DeviceOptions.MAX_LOOPS + ", not " + loops);
    }
    if (metricsPeers < 0 || metricsPeers > NodeOptions.MAX_METRICS_PEERS) {
      throw CommandFailure.usage(
          "--metrics-peers: 0 to " + NodeOptions.MAX_METRICS_PEERS + ", not " + metricsPeers);
    }
    if (onEvent != null && onEvent.isBlank()) {
      throw CommandFailure.usage("--on-event: which command?");
    }
    try {
      if (aead != null) {
        AeadProviders.named(aead); // here, so that a wrong name is a wrong argument
      }
      HelpMode help = HelpMode.named(helpers);
      Set<Offload> without = EnumSet.noneOf(Offload.class);
      withoutOffloads.forEach(word -> without.addAll(Offload.named(word)));
      return new NodeOptions(
          loops,
          help,
          aead,
          without,
          metrics,
          metricsPeers,
          !noMemory,
          account,
          onEvent,
          radiusSettings(),
          ClusterOptions.NONE);
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  private @Nullable RadiusSettings radiusSettings() {
    if (radius == null && radiusSecretFile == null && radiusInterim == null) {
      return null;
    }
    if (radius == null || radiusSecretFile == null) {
      throw new IllegalArgumentException(
          "--radius, --radius-secret-file: accounting needs both, a server and what is shared with"
              + " it");
    }
    return RadiusSettings.of(
        radius,
        radiusSecretFile,
        radiusInterim == null ? RadiusSettings.INTERIM_SECONDS : radiusInterim);
  }
}
