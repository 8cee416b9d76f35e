package io.wgnetty.node;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Where what outlives a run of an interface may be written. */
public final class StateFolders {
  private static final Path USUAL = Path.of("/var/lib/wg-netty");

  private StateFolders() {}

  /**
   * The places of this machine, the best first: the service manager's state folder, the usual one,
   * and the one of control sockets, which lasts until the machine ends.
   */
  public static List<Path> of(Map<String, String> environment, Path socketDirectory) {
    List<Path> folders = new ArrayList<>();
    String given = environment.getOrDefault("STATE_DIRECTORY", "");
    if (!given.isEmpty()) {
      folders.add(Path.of(given.split(":", -1)[0]));
    }
    folders.add(USUAL);
    folders.add(socketDirectory);
    return List.copyOf(folders);
  }
}
