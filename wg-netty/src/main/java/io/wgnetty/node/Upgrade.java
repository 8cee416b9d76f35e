package io.wgnetty.node;

import io.wgnetty.control.Operation;
import io.wgnetty.control.OperationFailure;
import io.wgnetty.control.Operations;
import io.wgnetty.handover.Estate;
import io.wgnetty.handover.Giver;
import io.wgnetty.handover.Meeting;
import io.wgnetty.handover.RefusedException;
import io.wgnetty.observe.LogLevel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Has the interfaces of this process go on in one of a newer program, which it starts. */
public final class Upgrade {
  private static final Logger LOG = LoggerFactory.getLogger(Upgrade.class);

  /** A cold JVM on a busy small machine needs a few seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** In which the answer gets to whoever asked. */
  private static final Duration LAST_WORDS = Duration.ofMillis(300);

  /** They run one program, as the first process of a container, and end with it. */
  private static final Set<String> CONTAINER_INITS =
      Set.of("tini", "docker-init", "dumb-init", "catatonit", "s6-svscan", "podman-init");

  private final Map<String, String> environment;
  private final NodeStarter starter;
  private final Runnable halt;
  private List<String> arguments = List.of();
  private @Nullable NodeWork work;
  private @Nullable SdNotify manager;
  private volatile boolean given;

  Upgrade(Map<String, String> environment, NodeStarter starter, Runnable halt) {
    this.environment = environment;
    this.starter = starter;
    this.halt = halt;
  }

  /** What this process was called with. */
  synchronized void calledWith(List<String> all) {
    arguments = List.copyOf(all);
  }

  /** From now on this is what would be given away. */
  synchronized void use(NodeWork running, SdNotify serviceManager) {
    work = running;
    manager = serviceManager;
  }

  /** The given ones, and this. */
  public Operations addTo(Operations others) {
    Operation operation =
        (given, out) -> {
          try {
            out.line(FileOperations.REPORT_KEY, perform());
          } catch (CommandFailure e) {
            throw new OperationFailure(CommandFailure.firstLine(e));
          }
        };
    return others.with("upgrade", operation.at(Operation.Pace.LASTING));
  }

  void performAndLog() {
    try {
      LOG.info("{}", perform());
    } catch (CommandFailure e) {
      LOG.error("{}", e.getMessage());
    }
  }

  /** Whether the interfaces are another process's, and this one is about to end. */
  boolean isGiven() {
    return given;
  }

  /**
   * Does it; returns what was done.
   *
   * @throws CommandFailure if it comes to nothing; everything goes on here
   */
  synchronized String perform() throws CommandFailure {
    NodeWork running = work;
    SdNotify told = manager;
    if (running == null || told == null || given) {
      throw new CommandFailure("the interface is still being set up, or being given away");
    }
    refuseInContainer();
    List<Estate> estates = running.estates();
    try (Meeting meeting = Meeting.open()) {
      Successor successor = Successor.start(environment, arguments, meeting.name());
      warmUp(estates);
      Giver.Result result = give(meeting, estates, successor);
      return switch (result.outcome()) {
        case GIVEN -> {
          given = true;
          told.handedOver(successor.pid());
          starter.left();
          Thread.ofPlatform().daemon().name("leave").start(this::leave);
          yield "process %d goes on; nothing was read or sent for %.1f ms"
              .formatted(successor.pid(), result.silenceNs() / 1e6);
        }
        case KEPT -> {
          successor.end();
          throw new CommandFailure("nothing was handed over: " + why(successor, result.reason()));
        }
        case AFRESH ->
            throw new CommandFailure(
                "the new process failed at the last moment; all goes on here, with new sessions: "
                    + why(successor, result.reason()));
      };
    } catch (IOException e) {
      throw new CommandFailure("nothing was handed over: " + CommandFailure.firstLine(e));
    }
  }

  /** While the other process loads. */
  private static void warmUp(List<Estate> estates) {
    try {
      if (!estates.isEmpty()) {
        estates.getFirst().device().warmUp();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static Giver.Result give(Meeting meeting, List<Estate> estates, Successor successor)
      throws CommandFailure {
    try {
      return meeting.give(estates, successor.pid(), successor::isAlive, PATIENCE, successor::end);
    } catch (RefusedException e) {
      successor.end();
      throw new CommandFailure(
          "nothing was handed over: " + why(successor, String.valueOf(e.getMessage())));
    }
  }

  private static String why(Successor successor, String reason) {
    String said = successor.said();
    return said.isEmpty() ? reason : reason + ": " + said;
  }

  /** When the first process ends, the kernel ends all others of the container. */
  private static void refuseInContainer() throws CommandFailure {
    boolean isFirst = ProcessHandle.current().pid() == 1;
    String first;
    try {
      first = Files.readString(Path.of("/proc/1/comm")).strip();
    } catch (IOException e) {
      first = ""; // hidden, so it is another user's
    }
    if (isFirst || CONTAINER_INITS.contains(first)) {
      throw new CommandFailure(
          "in a container the node ends with its first process: start the new image in its place");
    }
  }

  private void leave() {
    try {
      TimeUnit.NANOSECONDS.sleep(LAST_WORDS.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    LOG.info("ends: another process has its interfaces");
    LogLevel.drain();
    halt.run();
  }
}
