package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the file said when it was last used, without its secrets: some things show only by
 * comparison with it, such as whether an endpoint was changed by a person or by roaming.
 */
final class FileMemory {
  private InterfaceSettings settings;
  private boolean hasPrivateKey;
  private Map<String, String> comments = Map.of();
  private final Map<PublicKey, PeerMemory> peers = new HashMap<>();

  /** Peers of the file that may not be there. */
  private final Set<PublicKey> barred = new HashSet<>();

  /** No peer's time is over before this second. */
  private long firstEnd = PeerSettings.FOR_EVER;

  /**
   * A peer of the file.
   *
   * @param endpoint as it was written
   * @param notAfter the last second at which it may be there
   * @param presharedKeyFile where its pre-shared key is, if not in the file
   */
  record PeerMemory(
      @Nullable EndpointName endpoint,
      @Nullable String label,
      List<IpPrefix> allowedIps,
      long notAfter,
      @Nullable String presharedKeyFile) {
    static PeerMemory of(PeerSettings peer) {
      return new PeerMemory(
          peer.endpoint(),
          peer.label(),
          peer.allowedIps(),
          peer.notAfter(),
          peer.presharedKeyFile());
    }
  }

  FileMemory(Configuration configuration) {
    this.settings = withoutKey(configuration.settings());
    this.hasPrivateKey = configuration.settings().privateKey() != null;
    remember(configuration);
  }

  private static InterfaceSettings withoutKey(InterfaceSettings from) {
    return new InterfaceSettings(
        null,
        from.listenPort(),
        from.fwmark(),
        from.addresses(),
        from.mtu(),
        from.dnsServers(),
        from.dnsSearchDomains(),
        from.table(),
        from.hooks(),
        from.saveConfig(),
        from.gateway(),
        from.groups());
  }

  /** Whether this is what the file said. */
  boolean isOf(Configuration configuration) {
    var other = new FileMemory(configuration);
    return settings.equals(other.settings)
        && hasPrivateKey == other.hasPrivateKey
        && peers.equals(other.peers)
        && barred.equals(other.barred);
  }

  /** Puts a newer reading in its place. */
  void remember(Configuration configuration) {
    rememberRunning(configuration);
    comments = configuration.comments();
    barred.clear();
    configuration.barred().forEach(peer -> barred.add(peer.publicKey()));
  }

  /** The file has now what runs; peers that may not be there stand in it as before. */
  void rememberRunning(Configuration running) {
    settings = withoutKey(running.settings());
    hasPrivateKey = running.settings().privateKey() != null;
    peers.clear();
    firstEnd = PeerSettings.FOR_EVER;
    running.peers().forEach(this::put);
  }

  /** Puts a newer reading of some peers in its place. */
  void remember(Configuration configuration, Set<PublicKey> keys) {
    peers.keySet().removeAll(keys);
    barred.removeAll(keys);
    configuration.peers().stream()
        .filter(peer -> keys.contains(peer.publicKey()))
        .forEach(this::put);
    configuration.barred().stream()
        .map(PeerSettings::publicKey)
        .filter(keys::contains)
        .forEach(barred::add);
  }

  private void put(PeerSettings peer) {
    peers.put(peer.publicKey(), PeerMemory.of(peer));
    barred.remove(peer.publicKey());
    firstEnd = Math.min(firstEnd, peer.notAfter());
  }

  /** Whether there are peers whose time will be over. */
  boolean hasEnds() {
    return firstEnd != PeerSettings.FOR_EVER;
  }

  /** The peers whose time is over at this second since 1970. */
  Map<PublicKey, PeerMemory> over(long nowEpochSeconds) {
    if (firstEnd >= nowEpochSeconds) {
      return Map.of();
    }
    Map<PublicKey, PeerMemory> over = new HashMap<>();
    peers.forEach(
        (key, peer) -> {
          if (peer.notAfter() < nowEpochSeconds) {
            over.put(key, peer);
          }
        });
    return over;
  }

  /** These peers of the file may not be there any more. */
  void bar(Set<PublicKey> keys) {
    peers.keySet().removeAll(keys);
    barred.addAll(keys);
    firstEnd =
        peers.values().stream().mapToLong(PeerMemory::notAfter).min().orElse(PeerSettings.FOR_EVER);
  }

  /** Those of these peers that may not be there any more. */
  Set<PublicKey> barred(Collection<PublicKey> keys) {
    return keys.stream().filter(barred::contains).collect(Collectors.toSet());
  }

  /** Whether the peer is the file's, be it one that may not be there. */
  boolean has(PublicKey key) {
    return peers.containsKey(key) || barred.contains(key);
  }

  /** The interface's settings; their private key is always {@code null}. */
  InterfaceSettings settings() {
    return settings;
  }

  /** Says what is otherwise in a newer reading and matters when the interface goes down. */
  void compareCommands(InterfaceSettings newer, ReloadReport.Builder report) {
    if (!Objects.equals(newer.hooks(), settings.hooks())) {
      report.changed("commands changed, for when it goes down");
    }
    if (newer.saveConfig() != settings.saveConfig()) {
      report.changed("SaveConfig " + newer.saveConfig());
    }
  }

  /** What comments of the file's [Interface] said. */
  Map<String, String> comments() {
    return comments;
  }

  /** Whether the file had a private key. */
  boolean hasPrivateKey() {
    return hasPrivateKey;
  }

  /** What is the file's, beside the interface's own key. */
  FileClaims claims(@Nullable PrivateKey own) {
    Set<IpPrefix> prefixes = new HashSet<>();
    peers.values().forEach(peer -> prefixes.addAll(peer.allowedIps()));
    Set<PublicKey> keys = new HashSet<>(peers.keySet());
    keys.addAll(barred); // nobody else is to bring back who is disabled here
    return new FileClaims(
        own == null ? null : own.publicKey(X25519Providers.fastest()), keys, prefixes);
  }

  Set<PublicKey> peerKeys() {
    return peers.keySet();
  }

  @Nullable PeerMemory peer(PublicKey key) {
    return peers.get(key);
  }
}
