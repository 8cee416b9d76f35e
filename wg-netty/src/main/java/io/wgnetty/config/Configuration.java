package io.wgnetty.config;

import java.util.List;

/**
 * A configuration file without errors, as values.
 *
 * @param settings what the {@code [Interface]} sections say
 * @param peers the {@code [Peer]} sections in the order of the file; no key twice
 */
public record Configuration(InterfaceSettings settings, List<PeerSettings> peers) {
  public Configuration {
    peers = List.copyOf(peers);
  }

  /** Overwrites every secret in it. */
  public void wipe() {
    if (settings.privateKey() != null) {
      settings.privateKey().wipe();
    }
    peers.forEach(peer -> peer.presharedKey().wipe());
  }
}
