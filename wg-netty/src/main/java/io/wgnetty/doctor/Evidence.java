package io.wgnetty.doctor;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was found out about an interface.
 *
 * @param name the interface's
 * @param file {@code null} if it has none
 * @param node {@code null} if it is not running
 * @param paths what was sent through the tunnel, and how much of it came back
 */
record Evidence(
    String name,
    HostFacts host,
    @Nullable FileFacts file,
    @Nullable NodeFacts node,
    List<PathFacts> paths) {
  Evidence {
    paths = List.copyOf(paths);
  }

  /** Whether others are to be reached through this machine, as far as that can be told. */
  boolean looksLikeGateway() {
    if (file == null) {
      return node != null && node.isCalledByMany();
    }
    return file.asksForGateway() || file.isCalledByMany();
  }
}
