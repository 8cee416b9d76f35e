package io.wgnetty.doctor;

import io.wgnetty.client.ControlSockets;
import io.wgnetty.client.Facts;
import io.wgnetty.client.KnownPeer;
import io.wgnetty.client.NodeReport;
import io.wgnetty.client.ReportReader;
import io.wgnetty.node.CommandFailure;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Asks a running node twice. */
final class NodeExamination {
  /** Of a node with very many: each is kept here, and told twice. */
  private static final int MAX_PEERS = 10_000;

  private static final String KEY = "public_key";

  private final ControlSockets sockets;
  private final String name;
  private final NodeFacts.PortAnswer port;
  private final long beginNs = System.nanoTime();
  private final Facts node = new Facts();
  private final Map<String, Facts> peers = new LinkedHashMap<>();

  private NodeExamination(ControlSockets sockets, String name, NodeFacts.PortAnswer port) {
    this.sockets = sockets;
    this.name = name;
    this.port = port;
  }

  /**
   * Asks for the first time.
   *
   * @param peer the only peer to look at; {@code null} for all
   */
  static NodeExamination begin(ControlSockets sockets, String name, @Nullable String peer)
      throws CommandFailure {
    var examination = new NodeExamination(sockets, name, new PortProbe(sockets, name).answer());
    Kept first = new Kept(null);
    NodeReport.read(sockets, name, first);
    examination.node.addAll(first.node);
    if (peer == null) {
      examination.peers.putAll(first.peers);
    } else {
      examination.keepOnly(first.peers, peer);
    }
    return examination;
  }

  private void keepOnly(Map<String, Facts> all, String wanted) throws CommandFailure {
    List<KnownPeer> known = new ArrayList<>();
    for (Facts facts : all.values()) {
      KnownPeer one = KnownPeer.of(facts);
      if (one != null) {
        known.add(one);
      }
    }
    String key = KnownPeer.find(known, wanted, name).publicKey().toHex();
    Facts facts = all.get(key);
    if (facts != null) {
      peers.put(key, facts);
    }
  }

  /** The peers as they were at first. */
  List<Facts> peers() {
    return List.copyOf(peers.values());
  }

  /** Asks for the second time. */
  NodeFacts end() throws CommandFailure {
    Kept second = new Kept(peers);
    NodeReport.read(sockets, name, second);
    List<PeerFacts> both = new ArrayList<>();
    second.peers.forEach(
        (key, after) -> both.add(new PeerFacts(peers.getOrDefault(key, after), after)));
    double seconds = (System.nanoTime() - beginNs) / 1e9;
    return new NodeFacts(node, second.node, seconds, both, second.all, port);
  }

  /** Takes an answer, with some of its peers. */
  private static final class Kept implements ReportReader {
    private final @Nullable Map<String, Facts> wanted;
    private final Facts node = new Facts();
    private final Map<String, Facts> peers = new LinkedHashMap<>();
    private long all;

    Kept(@Nullable Map<String, Facts> wanted) {
      this.wanted = wanted;
    }

    @Override
    public void node(Facts facts) {
      node.addAll(facts);
    }

    @Override
    public void peer(Facts facts) {
      all++;
      String key = facts.text(KEY, "");
      if (wanted == null ? peers.size() < MAX_PEERS : wanted.containsKey(key)) {
        peers.put(key, facts);
      }
    }
  }
}
