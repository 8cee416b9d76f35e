package io.wgnetty.client;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519Providers;
import io.wgnetty.node.CommandFailure;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/**
 * What a node said of itself and its peers, by the keys of docs/management.md. Other
 * implementations say a part of it.
 */
public final class NodeReport {
  private static final String PEER = "public_key";

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
    if (!withSecrets) {
      var report = new NodeReport(name);
      try (var client = ManagementClient.connect(sockets, name)) {
        Reply reply = client.ask("show", List.of(), report.lines(false));
        if (reply.ours() && reply.known()) {
          reply.orFail(name, "show");
          return report;
        }
      }
    }
    var report = new NodeReport(name);
    try (var client = ManagementClient.connect(sockets, name)) {
      client.get(report.lines(withSecrets));
    }
    return report;
  }

  /** Only what is known of the node itself and of these peers. */
  public static NodeReport ask(
      ManagementClient client, String name, String word, List<Map.Entry<String, String>> arguments)
      throws CommandFailure {
    var report = new NodeReport(name);
    client.ask(word, arguments, report.lines(false)).orFail(name, word);
    return report;
  }

  /**
   * The same with one peer only.
   *
   * @param wanted its name, its key, or the key's beginning
   */
  public NodeReport withOnly(String wanted) throws CommandFailure {
    List<KnownPeer> known = new ArrayList<>();
    for (Facts peer : peers) {
      PublicKey key = peer.key(PEER);
      if (key != null) {
        known.add(new KnownPeer(key, peer.text("label"), List.of(), null, false, peer));
      }
    }
    KnownPeer found = KnownPeer.find(known, wanted, name);
    var one = new NodeReport(name);
    one.node.addAll(node);
    if (found.facts() != null) {
      one.peers.add(found.facts());
    }
    return one;
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

  private Facts current() {
    return peers.isEmpty() ? node : peers.getLast();
  }

  private AnswerLines lines(boolean withSecrets) {
    return new AnswerLines() {
      @Override
      public void line(String key, String value) {
        if (key.equals(PEER)) {
          peers.add(new Facts());
        }
        current().add(key, value);
      }

      @Override
      public void secret(String key, byte[] hex) {
        if (key.equals("private_key")) {
          privateKey(hex, withSecrets);
        } else {
          presharedKey(hex, withSecrets);
        }
      }
    };
  }

  private void privateKey(byte[] hex, boolean withSecrets) {
    PrivateKey key = PrivateKey.fromHex(new String(hex, StandardCharsets.ISO_8859_1));
    node.add("own_public_key", key.publicKey(X25519Providers.fastest()).toHex());
    if (withSecrets) {
      node.add("private_key", key.toBase64());
    }
    key.wipe();
  }

  private void presharedKey(byte[] hex, boolean withSecrets) {
    PresharedKey key = PresharedKey.fromHex(new String(hex, StandardCharsets.ISO_8859_1));
    if (!key.isNone()) {
      current().add("has_preshared_key", "true");
      if (withSecrets) {
        current().add("preshared_key", key.toBase64());
      }
    }
    key.wipe();
  }
}
