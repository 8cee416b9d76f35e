package io.wgnetty.cli;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.node.CommandFailure;
import java.util.HashSet;
import java.util.Set;

/** Makes sure that a change of one peer takes nothing from another. */
final class PrefixCheck {
  private PrefixCheck() {}

  /** No other peer that may be there has one of this peer's allowed IPs. */
  static void free(Configuration file, PeerSettings wanted) throws CommandFailure {
    Set<IpPrefix> prefixes = new HashSet<>(wanted.allowedIps());
    for (PeerSettings other : file.peers()) {
      if (other.publicKey().equals(wanted.publicKey())) {
        continue;
      }
      for (IpPrefix prefix : other.allowedIps()) {
        if (prefixes.contains(prefix)) {
          String name = other.label() == null ? other.publicKey().toBase64() : other.label();
          throw new CommandFailure(prefix + " is allowed to a peer already: " + name);
        }
      }
    }
  }
}
