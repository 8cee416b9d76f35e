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
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A peer of an interface, from its file, from the running node, or from both. There may be a
 * million of them, so it holds no more than is asked of it.
 *
 * @param label what people call it
 * @param configured whether it is in the file
 * @param disabled whether the file has it as one that is not to be there
 * @param notAfter the last second since 1970 at which it may be there, by the file
 * @param running whether the running node knows it
 * @param lastHandshakeEpochSeconds 0 if there was none
 */
public record KnownPeer(
    PublicKey publicKey,
    @Nullable String label,
    List<String> allowedIps,
    @Nullable String endpoint,
    boolean configured,
    boolean disabled,
    long notAfter,
    boolean running,
    long lastHandshakeEpochSeconds) {
  /** Fewer characters of a key could be a name that was mistyped. */
  private static final int MIN_KEY_CHARACTERS = 6;

  /** Those of the file in its order, then those that only the node has. */
  public static List<KnownPeer> all(ControlSockets sockets, NodeTarget target)
      throws CommandFailure {
    Map<PublicKey, KnownPeer> running = new LinkedHashMap<>();
    if (sockets.isRunning(target.name())) {
      NodeReport.read(
          sockets,
          target.name(),
          new ReportReader() {
            @Override
            public void node(Facts facts) {}

            @Override
            public void peer(Facts facts) {
              KnownPeer peer = of(facts);
              if (peer != null) {
                running.put(peer.publicKey, peer);
              }
            }
          });
    }
    List<KnownPeer> peers = new ArrayList<>();
    Path file = target.file();
    if (file != null) {
      Configuration configuration = ServerFacts.read(file);
      configuration.wipe();
      for (PeerSettings peer : configuration.peers()) {
        peers.add(of(peer, false, running.remove(peer.publicKey())));
      }
      Set<PublicKey> present =
          configuration.peers().stream().map(PeerSettings::publicKey).collect(Collectors.toSet());
      for (PeerSettings peer : configuration.barred()) {
        if (!present.contains(peer.publicKey())) {
          peers.add(of(peer, true, running.remove(peer.publicKey())));
        }
      }
    }
    peers.addAll(running.values());
    return peers;
  }

  private static KnownPeer of(PeerSettings peer, boolean disabled, @Nullable KnownPeer running) {
    String endpoint = peer.endpoint() == null ? null : peer.endpoint().toString();
    return new KnownPeer(
        peer.publicKey(),
        peer.label(),
        peer.allowedIps().stream().map(IpPrefix::toString).toList(),
        running == null ? endpoint : running.endpoint,
        true,
        disabled,
        peer.notAfter(),
        running != null,
        running == null ? 0 : running.lastHandshakeEpochSeconds);
  }

  /** As a node told it; {@code null} if that has no key. */
  public static @Nullable KnownPeer of(Facts facts) {
    PublicKey key = facts.key(ReportLines.PEER);
    return key == null
        ? null
        : new KnownPeer(
            key,
            facts.text("label"),
            List.copyOf(facts.all("allowed_ip")),
            facts.text("endpoint"),
            false,
            false,
            PeerSettings.FOR_EVER,
            true,
            facts.number("last_handshake_time_sec"));
  }

  /** The one peer that is meant. */
  public static KnownPeer find(List<KnownPeer> peers, String wanted, String name)
      throws CommandFailure {
    List<KnownPeer> found = peers.stream().filter(peer -> wanted.equals(peer.label())).toList();
    if (found.isEmpty() && wanted.length() >= MIN_KEY_CHARACTERS) {
      found =
          peers.stream().filter(peer -> peer.publicKey().toBase64().startsWith(wanted)).toList();
    }
    if (found.isEmpty()) {
      throw CommandFailure.noSuchPeer(
          name + " has no peer " + wanted + "; wg-netty list-peers " + name);
    }
    if (found.size() > 1) {
      throw new CommandFailure(
          name
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
