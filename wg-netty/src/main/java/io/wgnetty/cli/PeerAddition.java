package io.wgnetty.cli;

import io.wgnetty.client.PeerChangeRun;
import io.wgnetty.client.PeerRequest;
import io.wgnetty.config.ConfigurationEditor;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** New peers come into the file and into the running node: all of them at once, or none. */
final class PeerAddition {
  private final PeerChangeRun change;
  private final List<NewPeer> peers;

  PeerAddition(PeerChangeRun change, List<NewPeer> peers) {
    this.change = change;
    this.peers = List.copyOf(peers);
  }

  List<NewPeer> peers() {
    return peers;
  }

  /** What is done if they cannot be added. */
  @FunctionalInterface
  interface Undoing {
    void run() throws CommandFailure;
  }

  /** Returns whether a node is running, and has them. */
  boolean run(Undoing undoing) throws CommandFailure {
    List<PeerSettings> settings = peers.stream().map(NewPeer::settings).toList();
    Map<PublicKey, String> labels = new LinkedHashMap<>();
    peers.forEach(peer -> labels.put(peer.settings().publicKey(), peer.label()));
    try {
      return change.apply(
          text -> ConfigurationEditor.addPeers(text, settings),
          () -> PeerRequest.put(settings),
          labels);
    } catch (CommandFailure e) {
      undoing.run();
      throw e;
    }
  }

  /** Nobody has got their keys. */
  void takeBack() throws CommandFailure {
    List<PublicKey> keys = peers.stream().map(peer -> peer.settings().publicKey()).toList();
    change.apply(text -> without(text, keys), () -> PeerRequest.remove(keys), Map.of());
  }

  private static byte[] without(byte[] text, List<PublicKey> keys) {
    byte[] left = text.clone();
    for (PublicKey key : keys) {
      byte[] fewer = ConfigurationEditor.removePeer(left, key);
      Arrays.fill(left, (byte) 0);
      left = fewer;
    }
    return left;
  }
}
