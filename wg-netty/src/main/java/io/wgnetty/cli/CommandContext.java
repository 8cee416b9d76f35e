package io.wgnetty.cli;

import java.nio.file.Path;
import java.util.Map;

/**
 * What every command may use.
 *
 * @param socketDirectory where the control sockets of running interfaces are
 */
record CommandContext(
    StandardStreams streams, Map<String, String> environment, Path socketDirectory) {
  CommandContext {
    environment = Map.copyOf(environment);
  }

  /** The environment's word, or the empty one. */
  String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
