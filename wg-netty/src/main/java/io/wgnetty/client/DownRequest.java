package io.wgnetty.client;

import io.wgnetty.config.ConfigurationFile;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.node.FileOperations;
import io.wgnetty.node.InterfaceName;
import io.wgnetty.node.KilledNode;
import io.wgnetty.setup.Leftovers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** The end of an interface: by its node, or, if that was killed, of what it left. */
public final class DownRequest {
  private DownRequest() {}

  /**
   * Takes it down.
   *
   * @param force goes on when something is lost by it
   * @throws CommandFailure if it did not go down, or something of that failed
   */
  public static void down(CommandContext context, String nameOrPath, boolean force)
      throws CommandFailure {
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    var sockets = new ControlSockets(context.socketDirectory());
    if (sockets.isRunning(name)) {
      NodeRequest.send(
          context,
          nameOrPath,
          "down",
          force ? List.of(Map.entry(FileOperations.FORCE_KEY, "true")) : List.of());
    } else if (!cleanUp(context, name, nameOrPath)) {
      sockets.connect(name); // says what there is instead
      throw CommandFailure.notRunning(name + " is not running");
    }
  }

  /** Does nothing while it runs, and says nothing if nothing of it is left. */
  public static void ifKilled(CommandContext context, String nameOrPath) throws CommandFailure {
    String name = InterfaceName.ofNameOrPath(nameOrPath);
    if (new ControlSockets(context.socketDirectory()).isRunning(name)) {
      throw new CommandFailure(name + " is running");
    }
    boolean unusedAny = cleanUp(context, name, nameOrPath);
  }

  /** Whether there was something. */
  private static boolean cleanUp(CommandContext context, String name, String nameOrPath)
      throws CommandFailure {
    Path file = ConfigurationFile.find(nameOrPath);
    if (!Files.exists(file)) {
      return false; // nothing tells what there was
    }
    StandardStreams streams = context.streams();
    Leftovers.CleanUp result =
        KilledNode.cleanUp(
            file,
            context.socketDirectory(),
            context.environment(),
            line -> streams.err().println(ShowText.printable(line)));
    if (!result.done().isEmpty()) {
      streams.out().println(name + " was killed; removed: " + String.join(", ", result.done()));
      streams.out().flush();
    }
    if (!result.failures().isEmpty()) {
      throw new CommandFailure(
          name
              + ": not all that was left could be removed\n"
              + String.join("\n", result.failures()));
    }
    return !result.done().isEmpty();
  }
}
