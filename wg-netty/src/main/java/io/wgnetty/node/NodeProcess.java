package io.wgnetty.node;

import io.wgnetty.handover.RefusedException;
import io.wgnetty.handover.Taker;
import io.wgnetty.observe.LogLevel;
import io.wgnetty.observe.WarningTap;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
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
  private final Upgrade upgrade;
  private @Nullable Taker taker;

  public NodeProcess(NodeStarter starter, Map<String, String> environment, Path socketDirectory) {
    this.starter = starter;
    this.environment = Map.copyOf(environment);
    this.socketDirectory = socketDirectory;
    this.upgrade = new Upgrade(environment, starter, () -> Runtime.getRuntime().halt(0));
  }

  /** What this process was called with, for a newer program that takes its place. */
  public NodeProcess calledWith(String... arguments) {
    upgrade.calledWith(List.of(arguments));
    return this;
  }

  /** How a newer program takes this process's place. */
  public Upgrade upgrade() {
    return upgrade;
  }

  /**
   * The process in whose place this one is to be, if there is one.
   *
   * @throws CommandFailure if it cannot be reached, or does not want to
   */
  public synchronized @Nullable Taker taker() throws CommandFailure {
    String meeting = Successor.meeting();
    if (taker == null && meeting != null) {
      try {
        String version = NodeProcess.class.getPackage().getImplementationVersion();
        taker = Taker.call(meeting, version == null ? "(development)" : version);
      } catch (IOException | RuntimeException | RefusedException e) {
        throw new CommandFailure("nothing to take over: " + CommandFailure.firstLine(e));
      }
    }
    return taker;
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
    Taker other = taker();
    run((early, output) -> other == null ? start(name, options) : takeOver(other, name, options));
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
      completeTakeOver(work, readiness);
      upgrade.use(work, manager);
      RequestSignal.does("USR2", upgrade::performAndLog);
      Runnable reload = work.reload();
      if (reload != null) {
        RequestSignal.does("HUP", () -> tellAndReload(manager, reload));
      }
      starter.allAreReady(true);
      readiness.ready();
      manager.ready("running");
      manager.startWatchdog(work::isAlive);
      try {
        LOG.info("ends: {}", work.awaitEnd());
        haltIfGiven();
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

  /**
   * Waits for the other process to let go. Should it not, this one ends at once: what it has is the
   * other's.
   */
  private void completeTakeOver(NodeWork work, Readiness readiness) {
    Taker other = taker;
    if (other == null) {
      return;
    }
    try (other) {
      other.complete();
      work.begun();
    } catch (IOException | RuntimeException | RefusedException | InterruptedException e) {
      String why = CommandFailure.firstLine(e);
      other.refuse(why);
      LOG.error("nothing was taken over: {}", why);
      readiness.failed("nothing was taken over: " + why);
      LogLevel.drain();
      halt();
    }
  }

  /** The interfaces are another process's: nothing of them may be taken down. */
  private void haltIfGiven() {
    if (upgrade.isGiven()) {
      LogLevel.drain();
      Runtime.getRuntime().halt(0);
    }
  }

  /** Whoever waits hears what the log says meanwhile that is more than information. */
  private NodeWork begin(
      NodeWork.Beginning beginning,
      AtomicReference<@Nullable NodeWork> running,
      Readiness readiness)
      throws CommandFailure {
    WarningTap tap = WarningTap.ofThisThread(readiness::warning);
    try (tap) {
      return beginning.begin(running::set, readiness::output);
    } catch (CommandFailure e) {
      if (taker != null) {
        taker.refuse(CommandFailure.firstLine(e));
      }
      throw e;
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
          (operations, device) -> upgrade.addTo(operations));
    } catch (IOException | RuntimeException | LinkageError e) {
      LOG.debug("cannot run {}", wanted, e);
      throw new CommandFailure(wanted + ": " + CommandFailure.firstLine(e));
    }
  }

  private NodeRun takeOver(Taker other, String name, NodeOptions options) throws CommandFailure {
    try {
      NodeRun.Inherited inherited =
          NodeRun.takeOver(
              other,
              starter,
              InterfaceName.check(name),
              options,
              socketDirectory,
              (operations, device) -> upgrade.addTo(operations));
      inherited.setup().end();
      return inherited.run();
    } catch (IOException | RuntimeException | LinkageError | RefusedException e) {
      LOG.debug("cannot take {} over", name, e);
      throw new CommandFailure(name + ": " + CommandFailure.firstLine(e));
    }
  }

  private static void tellAndReload(SdNotify manager, Runnable reload) {
    manager.reloading();
    reload.run();
    manager.ready("running");
  }

  private void endBySignal(@Nullable NodeWork work, SdNotify manager) {
    LastResort.start(NodeProcess::halt);
    try {
      haltIfGiven();
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
