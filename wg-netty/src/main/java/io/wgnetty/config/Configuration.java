package io.wgnetty.config;

import io.wgnetty.crypto.PublicKey;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * A configuration file without errors, as values.
 *
 * @param settings what the {@code [Interface]} sections say
 * @param peers the {@code [Peer]} sections in the order of the file; no key twice
 * @param comments what comments of {@code [Interface]} say, by their words in any case: {@link
 *     InterfaceComment}
 * @param barred peers that the file has and that may not be there: disabled, or over
 */
public record Configuration(
    InterfaceSettings settings,
    List<PeerSettings> peers,
    Map<String, String> comments,
    List<PeerSettings> barred) {
  public Configuration {
    peers = List.copyOf(peers);
    Map<String, String> anyCase = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    anyCase.putAll(comments);
    comments = anyCase;
    barred = List.copyOf(barred);
  }

  /** Without comments, and with nobody disabled. */
  public Configuration(InterfaceSettings settings, List<PeerSettings> peers) {
    this(settings, peers, Map.of(), List.of());
  }

  /** As it is at this second since 1970: peers whose time is over are barred. */
  public Configuration at(long nowEpochSeconds) {
    if (peers.stream().noneMatch(peer -> peer.isOver(nowEpochSeconds))) {
      return this;
    }
    List<PeerSettings> present = new ArrayList<>(peers.size());
    List<PeerSettings> away = new ArrayList<>(barred);
    peers.forEach(peer -> (peer.isOver(nowEpochSeconds) ? away : present).add(peer));
    return new Configuration(settings, present, comments, away);
  }

  /**
   * The keys of the peers that stand in the file from the one to the other.
   *
   * @throws IllegalArgumentException if they do not
   */
  public Set<PublicKey> keysBetween(PublicKey first, PublicKey last) {
    Set<PublicKey> keys = new LinkedHashSet<>();
    for (PeerSettings peer : peers) {
      PublicKey key = peer.publicKey();
      if (!keys.isEmpty() || key.equals(first)) {
        keys.add(key);
        if (key.equals(last)) {
          return keys;
        }
      }
    }
    throw new IllegalArgumentException("the file does not have these peers in this order");
  }

  /** Whether a secret key is in the file itself. */
  boolean holdsKeys() {
    boolean own =
        settings.privateKey() != null && !comments.containsKey(InterfaceComment.PRIVATE_KEY_FILE);
    return own
        || Stream.concat(peers.stream(), barred.stream())
            .anyMatch(peer -> !peer.presharedKey().isNone() && peer.presharedKeyFile() == null);
  }

  /** Overwrites every secret in it. */
  public void wipe() {
    if (settings.privateKey() != null) {
      settings.privateKey().wipe();
    }
    peers.forEach(peer -> peer.presharedKey().wipe());
    barred.forEach(peer -> peer.presharedKey().wipe());
  }
}
