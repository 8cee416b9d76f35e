package io.wgnetty.cli;

import io.wgnetty.config.PeerSettings;
import java.util.Arrays;

/** A peer that is to be added, and the file for its device. */
final class NewPeer {
  private final PeerSettings settings;
  private final byte[] clientFile;

  /**
   * Not added yet.
   *
   * @param clientFile holds secrets; this peer's from now on
   */
  NewPeer(PeerSettings settings, byte[] clientFile) {
    this.settings = settings;
    this.clientFile = clientFile;
  }

  PeerSettings settings() {
    return settings;
  }

  /** What its device needs; not a copy. */
  byte[] clientFile() {
    return clientFile;
  }

  /** Its name, which it always has. */
  String label() {
    return String.valueOf(settings.label());
  }

  void wipe() {
    Arrays.fill(clientFile, (byte) 0);
    settings.presharedKey().wipe();
  }
}
