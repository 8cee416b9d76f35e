package io.wgnetty.client;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Documents about one interface and some of its peers, with the names of {@link ShowJson}. */
public final class PeerPages {
  private final ControlSockets sockets;
  private final String name;

  public PeerPages(ControlSockets sockets, String name) {
    this.sockets = sockets;
    this.name = name;
  }

  /** What the interface says of itself. */
  public String node() throws CommandFailure {
    Facts facts = NodeReport.withoutPeers(sockets, name).node();
    var json = new JsonText();
    ShowJson.node(name, facts, json);
    return json.name("peers").value(facts.number("peers")).endObject().toString();
  }

  /**
   * A page of its peers, in the order of their keys.
   *
   * @param after the last of the page before; {@code null} for the first page
   * @param count how many at most
   * @param label what their names contain; empty for all
   */
  public String page(@Nullable PublicKey after, int count, String label) throws CommandFailure {
    List<Map.Entry<String, String>> arguments = new ArrayList<>();
    arguments.add(Map.entry("count", Integer.toString(count)));
    if (after != null) {
      arguments.add(Map.entry("after", after.toHex()));
    }
    if (!label.isEmpty()) {
      arguments.add(Map.entry("label", label));
    }
    NodeReport report;
    try (var client = ManagementClient.connect(sockets, name)) {
      report = NodeReport.ask(client, name, "peers", arguments);
    }
    var json = new JsonText().beginObject();
    json.name("total").value(report.node().number("peers"));
    json.name("peers").beginArray();
    report.peers().forEach(peer -> ShowJson.peer(peer, json));
    json.endArray().name("next");
    if (report.node().isTrue("more")) {
      json.value(report.peers().getLast().base64(ReportLines.PEER));
    } else {
      json.nothing();
    }
    return json.endObject().toString();
  }

  /** One peer; {@code null} if the running interface has none with this key. */
  public @Nullable String peer(PublicKey key) throws CommandFailure {
    NodeReport report;
    try (var client = ManagementClient.connect(sockets, name)) {
      report = NodeReport.ask(client, name, "show", List.of(Map.entry("peer", key.toHex())));
    }
    if (report.peers().isEmpty()) {
      return null;
    }
    var json = new JsonText();
    ShowJson.peer(report.peers().getFirst(), json);
    return json.toString();
  }
}
