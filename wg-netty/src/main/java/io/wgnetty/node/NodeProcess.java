package io.wgnetty.node;

import io.wgnetty.observe.LogLevel;
import io.wgnetty.observe.WarningTap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A process whose work are interfaces: starts them, says so, and waits for their end.
 *
 * <p>Always in the foreground. To stay in the background is the launcher's business, so no
 * environment can make this program start another one.
 */
public final class NodeProcess {
  private static final Logger LOG = LoggerFactory.getLogger(NodeProcess.class);

  private final NodeStarter starter;
  private final Map<String, String> environment;
  private final Path socketDirectory;

  public NodeProcess(NodeStarter starter, Map<String, String> environment, Path socketDirectory) {
    this.starter = starter;
    this.environment = Map.copyOf(environment);
    this.socketDirectory = socketDirectory;
  }

  /** The variables of this process. */
  public Map<String, String> environment() {
    return environment;
  }

  public Path socketDirectory() {
    return socketDirectory;
  }

  public NodeStarter starter() {
    return starter;
  }

  /** Runs one interface that others configure; returns when it has ended. */
  public void run(String name, NodeOptions options) throws CommandFailure {
    run((early, output) -> start(name, options));
  }

  /** Returns when the work has ended. */
  public void run(NodeWork.Beginning beginning) throws CommandFailure {
    var readiness = Readiness.from(environment);
    var running = new AtomicReference<@Nullable NodeWork>();
    @Nullable LastResort resort = null;
    // SIGTERM and SIGINT end the JVM with 143 and 130 unless somebody halts it before.
    SdNotify manager = SdNotify.from(environment);
    var onSignal = new Thread(() -> endBySignal(running.get(), manager), "end");
    Runtime.getRuntime().addShutdownHook(onSignal);
    try (manager;
        NodeWork work = begin(beginning, running, readiness)) {
      running.set(work);
      Runnable reload = work.reload();
      if (reload != null) {
        HangupSignal.does(() -> tellAndReload(manager, reload));
      }
      starter.allAreReady(true);
      readiness.ready();
      manager.ready("running");
      manager.startWatchdog(work::isAlive);
      try {
        LOG.info("ends: {}", work.awaitEnd());
      } finally {
        starter.allAreReady(false);
        manager.stopping();
        resort = LastResort.start(NodeProcess::halt);
      }
    } finally {
      if (resort != null) {
        resort.close();
      }
      forget(onSignal);
    }
  }

  /** Whoever waits hears what the log says meanwhile that is more than information. */
  private static NodeWork begin(
      NodeWork.Beginning beginning,
      AtomicReference<@Nullable NodeWork> running,
      Readiness readiness)
      throws CommandFailure {
    WarningTap tap = WarningTap.ofThisThread(readiness::warning);
    try (tap) {
      return beginning.begin(running::set, readiness::output);
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
          socketDirectory,
          (operations, device) -> operations);
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.debug("cannot run {}", wanted, e);
      throw new CommandFailure(wanted + ": " + CommandFailure.firstLine(e));
    }
  }

  private static void tellAndReload(SdNotify manager, Runnable reload) {
    manager.reloading();
    reload.run();
    manager.ready("running");
  }

  private static void endBySignal(@Nullable NodeWork work, SdNotify manager) {
    LastResort.start(NodeProcess::halt);
    try {
      manager.stopping();
      if (work != null) {
        work.close();
      }
    } finally {
      LogLevel.drain();
      Runtime.getRuntime().halt(0);
    }
  }

  /** Status 1 tells whoever manages the service that it was no orderly end. */
  private static void halt() {
    Runtime.getRuntime().halt(1);
  }

  private static void forget(Thread onSignal) {
    try {
      Runtime.getRuntime().removeShutdownHook(onSignal);
    } catch (IllegalStateException e) {
      LOG.debug("a signal came while the interface ended by itself");
    }
  }
}
