package io.wgnetty.node;

import io.wgnetty.control.AnswerWriter;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.DirectoryStatus;
import io.wgnetty.setup.PeersBeside;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The directory of an interface, if it has one: its start, what is shown of it, and its end. */
final class DirectoryRun {
  /** A source that answers later than this does not keep the interface from being ready. */
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private volatile @Nullable RunningDirectory directory;

  /** What the file's comment said at the start. */
  private @Nullable String said;

  /** Whether an option says it, so that the comment does not count. */
  private boolean isOption;

  /**
   * Starts it, if there is a source.
   *
   * @param said what a comment of the file says; an option comes before it
   */
  void start(
      PeersBeside peers, DirectoryOptions options, @Nullable String said, ClusterOptions cluster)
      throws CommandFailure, InterruptedException {
    this.said = said;
    this.isOption = options.source() != null;
    String source = isOption ? options.source() : said;
    if (source == null) {
      if (cluster.isCluster()) {
        throw new CommandFailure(
            "nodes of a cluster share a directory of peers: --peers is missing");
      }
      return;
    }
    try {
      RunningDirectory opened =
          PeerDirectories.load().open(peers, options.withSource(source), cluster);
      directory = opened;
      opened.awaitFirst(PATIENCE);
    } catch (IOException | IllegalArgumentException e) {
      throw new CommandFailure("peers of " + source + ": " + CommandFailure.firstLine(e));
    }
  }

  /**
   * What a person should know when the file is read again.
   *
   * @param saidNow what its comment says now
   * @return {@code null} if nothing
   */
  @Nullable String afterReload(@Nullable String saidNow) {
    return isOption || Objects.equals(said, saidNow)
        ? null
        : "the comment '# Peers' says something else now, which counts from the next start on";
  }

  /** {@code null} if there is none. */
  @Nullable DirectoryStatus status() {
    RunningDirectory running = directory;
    return running == null ? null : running.status();
  }

  /** Of one that there is. */
  DirectoryStatus present() {
    return Objects.requireNonNull(status(), "there is a directory");
  }

  /** Lines of {@code show}. */
  void tell(AnswerWriter out) throws OperationFailure {
    DirectoryStatus status = status();
    if (status == null) {
      return;
    }
    out.line("directory", status.source());
    out.line("directory_mode", status.onCall() ? "on_call" : "all");
    out.line("directory_state", status.awaySince() == 0 ? "following" : "away");
    if (status.awaySince() != 0) {
      out.line("directory_away_since_sec", status.awaySince());
      out.line("directory_problem", String.valueOf(status.problem()).replace('\n', ' '));
    }
    out.line("directory_last_change_sec", status.lastChange());
    out.line("directory_installed", status.installed());
    out.line("directory_wakeable", status.wakeable());
    out.line("directory_disabled", status.disabled());
    out.line("directory_expired", status.expired());
    counts("directory_refused", status.refused(), out);
    counts("directory_lookup", status.lookups(), out);
  }

  private static void counts(String key, Map<String, Long> counts, AnswerWriter out)
      throws OperationFailure {
    for (Map.Entry<String, Long> count : new TreeMap<>(counts).entrySet()) {
      if (count.getValue() > 0) {
        out.line(key, count.getKey() + ":" + count.getValue());
      }
    }
  }

  /** How the cluster stands; {@code null} if there is none. */
  @Nullable ClusterStatus cluster() {
    RunningDirectory running = directory;
    return running == null ? null : running.cluster();
  }

  /** Of one that there is. */
  ClusterStatus presentCluster() {
    return Objects.requireNonNull(cluster(), "there is a cluster");
  }

  /** The answer to {@code do=cluster}. */
  void tellCluster(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
    RunningDirectory running = directory;
    ClusterStatus status = running == null ? null : running.cluster();
    if (running == null || status == null) {
      throw new OperationFailure("is no node of a cluster: it runs without --node");
    }
    out.line("node", status.node());
    out.line("here", status.here());
    out.line("elsewhere", status.elsewhere());
    out.line("routes", status.routes());
    out.line("waiting", status.waiting());
    for (Map.Entry<String, Long> count : new TreeMap<>(status.counts()).entrySet()) {
      out.line("count", count.getKey() + ":" + count.getValue());
    }
    for (ClusterStatus.Node node : status.nodes()) {
      out.line("cluster_node", node.name());
      out.line("since_sec", node.since());
      if (node.address() != null) {
        out.line("address", node.address());
      }
    }
    for (ClusterStatus.Place place : running.places()) {
      out.line("peer", place.key().toHex());
      out.line("at", place.node());
      out.line("since_sec", place.since());
      String label = place.label();
      if (label != null) {
        out.line("label", label);
      }
    }
  }

  void close() {
    RunningDirectory running = directory;
    if (running != null) {
      running.close();
    }
  }
}
