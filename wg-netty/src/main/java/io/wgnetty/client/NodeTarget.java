package io.wgnetty.client;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.FileOperations;
import io.wgnetty.node.InterfaceName;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The interface that a command is about.
 *
 * @param name the interface's
 * @param file where its configuration is; {@code null} if it has none, as after {@code wg-netty
 *     IFNAME}
 */
public record NodeTarget(String name, @Nullable Path file) {
  /**
   * Finds it by a name, whose file is the one that the running node says or the one in
   * /etc/wireguard, or by a file's path.
   *
   * @throws CommandFailure if there is neither such a file nor such an interface, or the interface
   *     is another file's
   */
  public static NodeTarget find(ControlSockets sockets, String nameOrPath) throws CommandFailure {
    if (nameOrPath.indexOf('/') >= 0 || nameOrPath.endsWith(".conf")) {
      return ofFile(sockets, nameOrPath);
    }
    InterfaceName.check(nameOrPath);
    boolean running = sockets.isRunning(nameOrPath);
    String told = running ? toldFile(sockets, nameOrPath) : null;
    Path file = told == null ? ConfigurationFile.find(nameOrPath) : Path.of(told);
    if (Files.exists(file)) {
      return new NodeTarget(nameOrPath, file);
    }
    if (!running) {
      List<String> others = sockets.names();
      throw CommandFailure.notRunning(
          "neither is an interface %s running nor is there a file %s%s"
              .formatted(
                  nameOrPath,
                  file,
                  others.isEmpty() ? "" : "; running: " + String.join(", ", others)));
    }
    return new NodeTarget(nameOrPath, null);
  }

  private static NodeTarget ofFile(ControlSockets sockets, String path) throws CommandFailure {
    try {
      Path file = ConfigurationFile.find(path);
      if (!Files.exists(file)) {
        throw new CommandFailure("there is no file " + file);
      }
      var target = new NodeTarget(ConfigurationFile.interfaceName(file), file);
      checkNotOfAnother(sockets, target.name(), file);
      return target;
    } catch (InvalidPathException e) {
      throw CommandFailure.usage("not a path: " + e.getReason());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.usage(String.valueOf(e.getMessage()));
    }
  }

  /** Two files may give the same name: what is changed in one would never reach the interface. */
  private static void checkNotOfAnother(ControlSockets sockets, String name, Path file)
      throws CommandFailure {
    String told = sockets.isRunning(name) ? toldFile(sockets, name) : null;
    if (told == null || isSame(file, Path.of(told))) {
      return;
    }
    throw new CommandFailure(
        "%s is running with another file, %s; name the interface to mean that"
            .formatted(name, told));
  }

  private static boolean isSame(Path one, Path other) {
    try {
      return Files.isSameFile(one, other);
    } catch (IOException e) {
      return false; // the other one is gone
    }
  }

  private static @Nullable String toldFile(ControlSockets sockets, String name)
      throws CommandFailure {
    var facts = new Facts();
    try (var client = ManagementClient.connect(sockets, name)) {
      client.ask("status", List.of(), facts::add);
    }
    return facts.text(FileOperations.FILE_KEY);
  }

  /** The file; for commands that cannot do without. */
  public Path requiredFile() throws CommandFailure {
    if (file == null) {
      throw new CommandFailure(name + " has no configuration file");
    }
    return file;
  }
}
