package io.wgnetty.client;

import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.FileOperations;
import java.util.ArrayList;
import java.util.List;

/** How one running interface is, in short. */
public final class NodeStatus {
  private final String name;
  private final Facts node;
  private final Facts process;

  private NodeStatus(String name, Facts node, Facts process) {
    this.name = name;
    this.node = node;
    this.process = process;
  }

  /**
   * Asks for it.
   *
   * @throws CommandFailure if the interface is not running, or does not answer
   */
  public static NodeStatus of(ControlSockets sockets, String name) throws CommandFailure {
    var node = new Facts();
    var process = new Facts();
    try (var client = ManagementClient.connect(sockets, name)) {
      Reply shown = client.ask("show", List.of(NodeReport.NO_PEER), node::add);
      if (shown.ours() && shown.known()) {
        shown.orFail(name, "status");
        client.ask("status", List.of(), process::add); // only one that has a file knows that
        return new NodeStatus(name, node, process);
      }
    }
    NodeReport report = NodeReport.of(sockets, name);
    report.node().add("peers", Integer.toString(report.peers().size()));
    return new NodeStatus(name, report.node(), process);
  }

  /** For people. */
  public String line() {
    List<String> parts = new ArrayList<>();
    String state = process.text("state", "running");
    parts.add(name + ": " + (state.equals("up") ? "running" : state) + uptime());
    long port = node.number("listen_port");
    parts.add(port == 0 ? "no port" : "port " + port);
    parts.add(peers());
    if (node.has("cipher")) {
      parts.add("cipher " + node.text("cipher", ""));
    } else {
      parts.add("another implementation");
    }
    if (process.has(FileOperations.FILE_KEY)) {
      parts.add(ShowText.printable(process.text(FileOperations.FILE_KEY, "")));
    }
    if (process.has("pid")) {
      parts.add("process " + process.text("pid", ""));
    }
    return String.join(", ", parts);
  }

  private String uptime() {
    return node.has("uptime_seconds")
        ? " for " + new Quantities(new Palette(false)).seconds(node.number("uptime_seconds"))
        : "";
  }

  private String peers() {
    long peers = node.number("peers");
    String text = peers + (peers == 1 ? " peer" : " peers");
    return node.has("peers_with_session")
        ? text + " (" + node.text("peers_with_session", "") + " with a session)"
        : text;
  }

  /** For programs. */
  public void addTo(JsonText document) {
    document.beginObject().name("name").value(name);
    document.name("state").value(process.text("state", "up"));
    number(document, "uptime_seconds", node);
    number(document, "listen_port", node);
    number(document, "peers", node);
    number(document, "peers_with_session", node);
    text(document, "cipher", node);
    text(document, FileOperations.FILE_KEY, process);
    number(document, "pid", process);
    document.endObject();
  }

  private static void number(JsonText document, String key, Facts facts) {
    document.name(key);
    if (facts.has(key)) {
      document.value(facts.number(key));
    } else {
      document.nothing();
    }
  }

  private static void text(JsonText document, String key, Facts facts) {
    document.name(key);
    if (facts.has(key)) {
      document.value(facts.text(key, ""));
    } else {
      document.nothing();
    }
  }
}
