package io.wgnetty.client;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.FileOperations;
import io.wgnetty.node.InterfaceName;
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
   * @throws CommandFailure if there is neither such a file nor such an interface
   */
  public static NodeTarget find(ControlSockets sockets, String nameOrPath) throws CommandFailure {
    if (nameOrPath.indexOf('/') >= 0 || nameOrPath.endsWith(".conf")) {
      return ofFile(nameOrPath);
    }
    InterfaceName.check(nameOrPath);
    boolean running = sockets.has(nameOrPath);
    String told = running ? toldFile(sockets, nameOrPath) : null;
    Path file = told == null ? ConfigurationFile.find(nameOrPath) : Path.of(told);
    if (Files.exists(file)) {
      return new NodeTarget(nameOrPath, file);
    }
    if (!running) {
      List<String> others = sockets.names();
      throw new CommandFailure(
          "neither is an interface %s running nor is there a file %s%s"
              .formatted(
                  nameOrPath,
                  file,
                  others.isEmpty() ? "" : "; running: " + String.join(", ", others)));
    }
    return new NodeTarget(nameOrPath, null);
  }

  private static NodeTarget ofFile(String path) throws CommandFailure {
    try {
      Path file = ConfigurationFile.find(path);
      if (!Files.exists(file)) {
        throw new CommandFailure("there is no file " + file);
      }
      return new NodeTarget(ConfigurationFile.interfaceName(file), file);
    } catch (InvalidPathException e) {
      throw new CommandFailure("not a path: " + e.getReason());
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(String.valueOf(e.getMessage()));
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
  Path requiredFile() throws CommandFailure {
    if (file == null) {
      throw new CommandFailure(name + " has no configuration file");
    }
    return file;
  }
}
