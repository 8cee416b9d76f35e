package io.wgnetty.client;

import java.nio.file.Path;
import java.util.Map;

/**
 * What every command may use.
 *
 * @param socketDirectory where the control sockets of running interfaces are
 */
public record CommandContext(
    StandardStreams streams, Map<String, String> environment, Path socketDirectory) {
  public CommandContext {
    environment = Map.copyOf(environment);
  }

  /** The environment's word, or the empty one. */
  public String variable(String name) {
    return environment.getOrDefault(name, "");
  }
}
