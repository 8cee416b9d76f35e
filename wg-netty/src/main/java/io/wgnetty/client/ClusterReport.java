package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** What a node says of its cluster: the nodes, and where each peer is. */
public final class ClusterReport {
  private final String name;
  private final Facts cluster = new Facts();
  private final List<Facts> nodes = new ArrayList<>();
  private final List<Facts> peers = new ArrayList<>();

  private ClusterReport(String name) {
    this.name = name;
  }

  /** Asks the node of an interface. */
  public static ClusterReport of(ControlSockets sockets, String name) throws CommandFailure {
    var report = new ClusterReport(name);
    try (var client = ManagementClient.connect(sockets, name)) {
      client.ask("cluster", List.of(), report::line).orFail(name, "show --cluster");
    }
    return report;
  }

  private void line(String key, String value) {
    switch (key) {
      case "cluster_node" -> nodes.add(new Facts());
      case "peer" -> peers.add(new Facts());
      default -> {
        // A fact of what was begun last.
      }
    }
    Facts facts = !peers.isEmpty() ? peers.getLast() : !nodes.isEmpty() ? nodes.getLast() : cluster;
    facts.add(key, value);
  }

  private Map<String, Long> peersByNode() {
    Map<String, Long> counts = new HashMap<>();
    peers.forEach(peer -> counts.merge(peer.text("at", ""), 1L, Long::sum));
    return counts;
  }

  private List<Facts> newestFirst() {
    return peers.stream()
        .sorted(Comparator.comparingLong((Facts peer) -> peer.number("since_sec")).reversed())
        .toList();
  }

  /** For people. */
  public String text(Palette palette, long nowEpochSeconds) {
    var quantities = new Quantities(palette);
    var text = new StringBuilder();
    text.append(palette.green(palette.bold("cluster")) + " of " + palette.green(name));
    text.append(", seen by " + ShowText.printable(cluster.text("node", "?")) + "\n");
    if (cluster.number("waiting") > 0) {
      text.append("  changes that are not written yet: " + cluster.number("waiting") + "\n");
    }
    Map<String, Long> counts = peersByNode();
    for (Facts node : nodes) {
      String called = node.text("cluster_node", "");
      text.append("\n" + palette.yellow(palette.bold("node")) + ": ");
      text.append(ShowText.printable(called) + "\n  peers: " + counts.getOrDefault(called, 0L));
      text.append("\n  there since: " + quantities.ago(node.number("since_sec"), nowEpochSeconds));
      text.append(node.has("address") ? "\n  address: " + node.text("address", "") : "");
      text.append("\n");
    }
    text.append(peers.isEmpty() ? "" : "\n");
    for (Facts peer : newestFirst()) {
      text.append(peer.base64("peer") + "  " + ShowText.printable(peer.text("at", "?")) + "  ");
      text.append(quantities.ago(peer.number("since_sec"), nowEpochSeconds));
      text.append(peer.has("label") ? "  " + ShowText.printable(peer.text("label", "")) : "");
      text.append("\n");
    }
    return text.toString();
  }

  /** As one object. */
  public void addTo(JsonText json) {
    json.beginObject().name("interface").value(name);
    json.name("node").valueOrNothing(cluster.text("node"));
    json.name("peers_here").value(cluster.number("here"));
    json.name("peers_elsewhere").value(cluster.number("elsewhere"));
    json.name("announced_routes").value(cluster.number("routes"));
    json.name("waiting_changes").value(cluster.number("waiting"));
    json.name("events").beginObject();
    cluster.counts("count").forEach((what, count) -> json.name(what).value(count));
    json.endObject().name("nodes").beginArray();
    Map<String, Long> counts = peersByNode();
    for (Facts node : nodes) {
      String called = node.text("cluster_node", "");
      json.beginObject().name("name").value(called);
      json.name("since_epoch_seconds").momentOrNothing(node.number("since_sec"));
      json.name("address").valueOrNothing(node.text("address"));
      json.name("peers").value(counts.getOrDefault(called, 0L)).endObject();
    }
    json.endArray().name("peers").beginArray();
    for (Facts peer : newestFirst()) {
      json.beginObject().name("public_key").value(Objects.toString(peer.base64("peer"), ""));
      json.name("name").valueOrNothing(peer.text("label"));
      json.name("node").valueOrNothing(peer.text("at"));
      json.name("since_epoch_seconds").momentOrNothing(peer.number("since_sec")).endObject();
    }
    json.endArray().endObject();
  }
}
