package io.wgnetty.client;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What a node said of itself and its peers, by the keys of docs/management.md. Other
 * implementations say a part of it.
 */
public final class NodeReport implements ReportReader {
  /** The key of nobody: so that the answer has no peers, of which there may be very many. */
  static final Map.Entry<String, String> NO_PEER = Map.entry("peer", "0".repeat(64));

  private final String name;
  private final Facts node = new Facts();
  private final List<Facts> peers = new ArrayList<>();

  private NodeReport(String name) {
    this.name = name;
  }

  /** One that says nothing yet. */
  static NodeReport named(String name) {
    return new NodeReport(name);
  }

  /** Asks the node for everything. */
  public static NodeReport of(ControlSockets sockets, String name) throws CommandFailure {
    return of(sockets, name, false);
  }

  /**
   * The same.
   *
   * @param withSecrets whether private and pre-shared keys are wanted, in base64
   */
  public static NodeReport of(ControlSockets sockets, String name, boolean withSecrets)
      throws CommandFailure {
    var report = new NodeReport(name);
    read(sockets, name, withSecrets, report);
    return report;
  }

  /** Asks the node for everything but secrets, and passes it on as it comes. */
  public static void read(ControlSockets sockets, String name, ReportReader reader)
      throws CommandFailure {
    read(sockets, name, false, reader);
  }

  private static void read(
      ControlSockets sockets, String name, boolean withSecrets, ReportReader reader)
      throws CommandFailure {
    if (!withSecrets) {
      var lines = new ReportLines(reader, false);
      try (var client = ManagementClient.connect(sockets, name)) {
        Reply reply = client.ask("show", List.of(), lines);
        if (reply.ours() && reply.known()) {
          reply.orFail(name, "show");
          lines.end();
          return;
        }
      }
    }
    var lines = new ReportLines(reader, withSecrets);
    try (var client = ManagementClient.connect(sockets, name)) {
      client.get(lines);
    }
    lines.end();
  }

  /** Only what the node says of itself; another implementation's has its peers, too. */
  public static NodeReport withoutPeers(ControlSockets sockets, String name) throws CommandFailure {
    var report = new NodeReport(name);
    var lines = new ReportLines(report, false);
    try (var client = ManagementClient.connect(sockets, name)) {
      Reply reply = client.ask("show", List.of(NO_PEER), lines);
      if (reply.ours() && reply.known()) {
        reply.orFail(name, "show");
        lines.end();
        return report;
      }
    }
    return of(sockets, name);
  }

  /** Only what is known of the node itself and of these peers. */
  public static NodeReport ask(
      ManagementClient client, String name, String word, List<Map.Entry<String, String>> arguments)
      throws CommandFailure {
    var report = new NodeReport(name);
    var lines = new ReportLines(report, false);
    client.ask(word, arguments, lines).orFail(name, word);
    lines.end();
    return report;
  }

  /**
   * The same with one peer only.
   *
   * @param wanted its name, its key, or the key's beginning
   */
  public NodeReport withOnly(String wanted) throws CommandFailure {
    Map<PublicKey, Facts> known = new LinkedHashMap<>();
    List<KnownPeer> choice = new ArrayList<>();
    for (Facts facts : peers) {
      KnownPeer peer = KnownPeer.of(facts);
      if (peer != null) {
        known.put(peer.publicKey(), facts);
        choice.add(peer);
      }
    }
    var one = new NodeReport(name);
    one.node.addAll(node);
    Facts found = known.get(KnownPeer.find(choice, wanted, name).publicKey());
    if (found != null) {
      one.peers.add(found);
    }
    return one;
  }

  @Override
  public void node(Facts facts) {
    node.addAll(facts);
  }

  @Override
  public void peer(Facts facts) {
    peers.add(facts);
  }

  String name() {
    return name;
  }

  public Facts node() {
    return node;
  }

  List<Facts> peers() {
    return peers;
  }

  /** As wg shows them: by latest handshake, the newest first, those without any last. */
  public List<Facts> peersByHandshake() {
    List<Facts> sorted = new ArrayList<>(peers);
    sorted.sort(
        Comparator.comparingLong((Facts peer) -> peer.number("last_handshake_time_sec"))
            .thenComparingLong(peer -> peer.number("last_handshake_time_nsec"))
            .reversed());
    return sorted;
  }

  /** Whether the node is one of ours and told what only those know. */
  boolean isOurs() {
    return node.has("implementation");
  }
}
