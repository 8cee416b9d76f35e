package io.wgnetty.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process whose work is one interface: starts it, says so, and waits for its end.
 *
 * <p>Always in the foreground. To stay in the background is the launcher's business, so no
 * environment can make this program start another one.
 */
final class NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

  private final NodeStarter starter;
  private final Map<String, String> environment;
  private final Path socketDirectory;

  NodeProcess(NodeStarter starter, Map<String, String> environment, Path socketDirectory) {
    this.starter = starter;
    this.environment = Map.copyOf(environment);
    this.socketDirectory = socketDirectory;
  }

  /** Returns when the interface has ended. */
  void run(String name, NodeOptions options) throws CommandFailure {
    var readiness = Readiness.from(environment);
    var running = new AtomicReference<@Nullable NodeRun>();
    // SIGTERM and SIGINT end the JVM with 143 and 130 unless somebody halts it before.
    var onSignal = new Thread(() -> endBySignal(running.get()), "end");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (NodeRun run = start(name, options)) {
      running.set(run);
      readiness.ready();
      LOG.info("{} ends: {}", name, run.awaitEnd());
    } finally {
      forget(onSignal);
    }
  }

  private NodeRun start(String wanted, NodeOptions options) throws CommandFailure {
    try {
      return NodeRun.start(
          starter,
          InterfaceName.check(wanted),
          InheritedDescriptor.from(environment, "WG_TUN_FD"),
          InheritedDescriptor.from(environment, "WG_UAPI_FD"),
          options,
          socketDirectory);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.debug("cannot run {}", wanted, e);
      String message = e.getMessage() == null ? e.toString() : e.getMessage();
      throw new CommandFailure(wanted + ": " + message.lines().findFirst().orElse(""));
    }
  }

  private static void endBySignal(@Nullable NodeRun run) {
    try {
      if (run != null) {
        run.close();
      }
    } finally {
      Runtime.getRuntime().halt(0);
    }
  }

  private static void forget(Thread onSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      LOG.debug("a signal came while the interface ended by itself");
    }
  }
}
