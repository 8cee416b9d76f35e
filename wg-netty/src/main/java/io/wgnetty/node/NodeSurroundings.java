package io.wgnetty.node;

import io.wgnetty.handover.Taker;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.DirectoryOptions;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What the interfaces of a process share.
 *
 * @param watch whether each file is read again when it changes
 * @param failClosed whether nothing leaves in the clear after the process was killed
 * @param directory where more peers come from
 * @param environment the variables of this process
 * @param upgrade how a newer program takes this process's place
 * @param taker the process in whose place this one is to be
 */
public record NodeSurroundings(
    NodeStarter starter,
    NodeOptions options,
    Path socketDirectory,
    boolean watch,
    boolean failClosed,
    Map<String, String> environment,
    DirectoryOptions directory,
    Upgrade upgrade,
    @Nullable Taker taker) {
  public NodeSurroundings {
    environment = Map.copyOf(environment);
  }

  /**
   * What an interface is among other nodes.
   *
   * @param comments of its file
   */
  ClusterOptions cluster(ConfigurationSource source, Map<String, String> comments)
      throws CommandFailure {
    try {
      return options.cluster().or(comments);
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(source.file() + ": " + e.getMessage());
    }
  }

  RescueFiles rescueFiles() {
    return RescueFiles.of(environment, socketDirectory);
  }
}
