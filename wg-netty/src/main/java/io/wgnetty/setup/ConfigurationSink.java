package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.crypto.PublicKey;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Set;

/** Where the running state is written to when the file says SaveConfig. */
@FunctionalInterface
public interface ConfigurationSink {
  /** Writes it; its secrets are wiped afterwards. */
  void save(Configuration running) throws IOException;

  /**
   * Writes it to the file that it came from.
   *
   * @param removed the peers of the file that were removed while the interface ran; others that
   *     stand in the file, and do not run, were written there since
   */
  default void save(Configuration running, Set<PublicKey> removed) throws IOException {
    save(running);
  }

  /**
   * Writes it somewhere else, because it cannot be written to the file and is about to be lost.
   *
   * @return where it is
   */
  default Path rescue(Configuration running) throws IOException {
    throw new IOException("there is no place for it");
  }
}
