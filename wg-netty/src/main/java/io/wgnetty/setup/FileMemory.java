package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What the file said when it was last used, without its secrets: some things show only by
 * comparison with it, such as whether an endpoint was changed by a person or by roaming.
 */
final class FileMemory {
  private InterfaceSettings settings;
  private boolean hasPrivateKey;
  private final Map<PublicKey, PeerMemory> peers = new HashMap<>();

  /**
   * A peer of the file.
   *
   * @param endpoint as it was written
   */
  record PeerMemory(
      @Nullable EndpointName endpoint, @Nullable String label, List<IpPrefix> allowedIps) {
    static PeerMemory of(PeerSettings peer) {
      return new PeerMemory(peer.endpoint(), peer.label(), peer.allowedIps());
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
        from.gateway());
  }

  /** Puts a newer reading in its place. */
  void remember(Configuration configuration) {
    settings = withoutKey(configuration.settings());
    hasPrivateKey = configuration.settings().privateKey() != null;
    peers.clear();
    for (PeerSettings peer : configuration.peers()) {
      peers.put(peer.publicKey(), PeerMemory.of(peer));
    }
  }

  /**
   * Puts a newer reading of one peer in its place.
   *
   * @param peer {@code null} if the file no longer has it
   */
  void remember(PublicKey key, @Nullable PeerSettings peer) {
    peers.remove(key);
    if (peer != null) {
      peers.put(key, PeerMemory.of(peer));
    }
  }

  /** The interface's settings; their private key is always {@code null}. */
  InterfaceSettings settings() {
    return settings;
  }

  /** Whether the file had a private key. */
  boolean hasPrivateKey() {
    return hasPrivateKey;
  }

  /** What is the file's, beside the interface's own key. */
  FileClaims claims(@Nullable PrivateKey own) {
    Set<IpPrefix> prefixes = new HashSet<>();
    peers.values().forEach(peer -> prefixes.addAll(peer.allowedIps()));
    return new FileClaims(
        own == null ? null : own.publicKey(X25519Providers.fastest()), peers.keySet(), prefixes);
  }

  Set<PublicKey> peerKeys() {
    return peers.keySet();
  }

  @Nullable PeerMemory peer(PublicKey key) {
    return peers.get(key);
  }
}
