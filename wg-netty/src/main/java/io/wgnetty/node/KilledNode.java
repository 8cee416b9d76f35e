package io.wgnetty.node;

import io.wgnetty.config.Configuration;
import io.wgnetty.setup.Leftovers;
import io.wgnetty.setup.SetupTools;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** The remains of a node whose process was killed, which its file tells how to remove. */
public final class KilledNode {
  /** The kernel removes the interface a moment after its process. */
  private static final long LINK_WAIT_NS = TimeUnit.SECONDS.toNanos(3);

  private static final long LINK_POLL_MS = 20;
  private static final Path LINKS = Path.of("/sys/class/net");

  private KilledNode() {}

  /**
   * Removes them, the control socket included.
   *
   * @param file its configuration
   * @param socketDirectory where its socket would be; no program answers there
   * @param output takes what commands of the file print
   * @throws CommandFailure if the file cannot be used, or an interface of that name is there, which
   *     something else serves
   */
  public static Leftovers.CleanUp cleanUp(
      Path file, Path socketDirectory, Map<String, String> environment, Consumer<String> output)
      throws CommandFailure {
    ConfigurationSource source =
        ConfigurationSource.of(file, RescueFiles.of(environment, socketDirectory));
    Path socket = socketDirectory.resolve(source.name() + ".sock");
    boolean wasKilled = Files.exists(socket);
    awaitNoLink(source.name());
    Configuration configuration = source.readWithoutKeys();
    try {
      Leftovers.CleanUp result =
          Leftovers.remove(
              source.name(),
              configuration.settings(),
              SetupTools.ofThisSystem(),
              wasKilled,
              output);
      return wasKilled ? withSocket(result, socket) : result;
    } catch (IOException e) {
      throw new CommandFailure(source.name() + ": " + CommandFailure.firstLine(e));
    } finally {
      configuration.wipe();
    }
  }

  private static Leftovers.CleanUp withSocket(Leftovers.CleanUp result, Path socket) {
    List<String> done = new ArrayList<>(result.done());
    List<String> failures = new ArrayList<>(result.failures());
    try {
      Files.deleteIfExists(socket);
      done.add("the control socket");
    } catch (IOException e) {
      failures.add(CommandFailure.firstLine(e));
    }
    return new Leftovers.CleanUp(done, failures);
  }

  private static void awaitNoLink(String name) throws CommandFailure {
    long deadlineNs = System.nanoTime() + LINK_WAIT_NS;
    while (Files.exists(LINKS.resolve(name))) {
      if (System.nanoTime() - deadlineNs > 0) {
        throw new CommandFailure(
            name + " is an interface, but no userspace WireGuard serves it here");
      }
      try {
        TimeUnit.MILLISECONDS.sleep(LINK_POLL_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure(name + ": was interrupted");
      }
    }
  }
}
