package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import java.io.IOException;

/** Where the running state is written to when the file says SaveConfig. */
@FunctionalInterface
public interface ConfigurationSink {
  /** Writes it; its secrets are wiped afterwards. */
  void save(Configuration configuration) throws IOException;
}
