package io.wgnetty.client;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.node.CommandFailure;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A peer of an interface, from its file, from the running node, or from both.
 *
 * @param label what people call it
 * @param configured whether it is in the file
 * @param facts what the running node says of it; {@code null} if it does not know it
 */
public record KnownPeer(
    PublicKey publicKey,
    @Nullable String label,
    List<String> allowedIps,
    @Nullable String endpoint,
    boolean configured,
    @Nullable Facts facts) {
  /** Fewer characters of a key could be a name that was mistyped. */
  private static final int MIN_KEY_CHARACTERS = 6;

  /** Those of the file in its order, then those that only the node has. */
  public static List<KnownPeer> all(ControlSockets sockets, NodeTarget target)
      throws CommandFailure {
    Map<PublicKey, Facts> running = new LinkedHashMap<>();
    if (sockets.isRunning(target.name())) {
      for (Facts peer : NodeReport.of(sockets, target.name()).peers()) {
        PublicKey key = peer.key("public_key");
        if (key != null) {
          running.put(key, peer);
        }
      }
    }
    List<KnownPeer> peers = new ArrayList<>();
    Path file = target.file();
    if (file != null) {
      Configuration configuration = ServerFacts.read(file);
      configuration.wipe();
      for (PeerSettings peer : configuration.peers()) {
        peers.add(of(peer, running.remove(peer.publicKey())));
      }
    }
    running.forEach((key, facts) -> peers.add(of(key, facts)));
    return peers;
  }

  private static KnownPeer of(PeerSettings peer, @Nullable Facts facts) {
    String endpoint = peer.endpoint() == null ? null : peer.endpoint().toString();
    return new KnownPeer(
        peer.publicKey(),
        peer.label(),
        peer.allowedIps().stream().map(IpPrefix::toString).toList(),
        facts == null ? endpoint : facts.text("endpoint"),
        true,
        facts);
  }

  private static KnownPeer of(PublicKey key, Facts facts) {
    return new KnownPeer(
        key, facts.text("label"), facts.all("allowed_ip"), facts.text("endpoint"), false, facts);
  }

  /** The one peer that is meant. */
  public static KnownPeer find(List<KnownPeer> peers, String wanted, String name)
      throws CommandFailure {
    List<KnownPeer> found = peers.stream().filter(peer -> wanted.equals(peer.label())).toList();
    if (found.isEmpty() && wanted.length() >= MIN_KEY_CHARACTERS) {
      found =
          peers.stream().filter(peer -> peer.publicKey().toBase64().startsWith(wanted)).toList();
    }
    if (found.size() != 1) {
      throw new CommandFailure(
          found.isEmpty()
              ? name + " has no peer " + wanted + "; wg-netty list-peers " + name
              : name
                  + " has "
                  + found.size()
                  + " peers that are called "
                  + wanted
                  + ": name it by its key");
    }
    return found.getFirst();
  }

  /** Its name, or its key. */
  public String shown() {
    return label == null ? publicKey.toBase64() : label;
  }
}
