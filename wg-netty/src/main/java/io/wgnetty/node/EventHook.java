package io.wgnetty.node;

import io.wgnetty.observe.EventFeed;
import io.wgnetty.observe.EventSubscription;
import io.wgnetty.observe.HookCounts;
import io.wgnetty.observe.NodeEvent;
import io.wgnetty.setup.CommandRunner;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs a command of the operator's for each event of an interface, one after the other, on a thread
 * of its own. Events wait in a queue that has a bound; what does not fit is counted.
 */
final class EventHook implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EventHook.class);

  /** A command that takes longer is killed: the next events wait for it. */
  static final long TIMEOUT_MS = 30_000;

  /** Of what one run prints so many lines go to the log. */
  private static final int MAX_LINES = 20;

  private static final long WAIT_MS = 1000;
  private static final long CLOSE_TIMEOUT_MS = 2000;

  private final String interfaceName;
  private final String command;
  private final CommandRunner commands;
  private final long timeoutMs;
  private final EventSubscription subscription;
  private final LongAdder succeeded = new LongAdder();
  private final LongAdder failed = new LongAdder();
  private final Thread thread;

  /**
   * Runs it from now on.
   *
   * @param command for /bin/sh; sees the event in variables {@code WG_...}
   * @param commands nobody else's: what takes too long there is killed
   */
  static EventHook start(
      String interfaceName, String command, EventFeed feed, CommandRunner commands) {
    return new EventHook(interfaceName, command, feed, commands, TIMEOUT_MS);
  }

  EventHook(
      String interfaceName,
      String command,
      EventFeed feed,
      CommandRunner commands,
      long timeoutMs) {
    this.interfaceName = interfaceName;
    this.command = command;
    this.commands = commands;
    this.timeoutMs = timeoutMs;
    this.subscription = feed.follow();
    this.thread = Thread.ofPlatform().daemon().name("on-event-" + interfaceName).start(this::run);
  }

  HookCounts counts() {
    return new HookCounts(succeeded.sum(), failed.sum(), subscription.lost());
  }

  private void run() {
    try {
      while (true) {
        NodeEvent event = subscription.next(WAIT_MS);
        if (event != null) {
          run(event);
        }
      }
    } catch (InterruptedException e) {
      return; // the interface ends
    }
  }

  private void run(NodeEvent event) throws InterruptedException {
    String reason = attempt(event);
    if (reason.isEmpty()) {
      succeeded.increment();
    } else {
      failed.increment();
      LOG.warn("interface {}: the command for event {} {}", interfaceName, event.kind(), reason);
    }
  }

  /** Returns what went wrong; empty if nothing did. */
  private String attempt(NodeEvent event) throws InterruptedException {
    var deadline = new Deadline();
    Thread watchdog = Thread.ofVirtual().start(deadline);
    var lines = new int[1];
    try {
      int status =
          commands.show(
              words(event),
              line -> {
                if (lines[0]++ < MAX_LINES) {
                  LOG.info("interface {}: the command for events says: {}", interfaceName, line);
                }
              });
      if (deadline.end()) {
        return "took more than " + timeoutMs + " ms and was killed";
      }
      return status == 0 ? "" : "ended with status " + status;
    } catch (IOException e) {
      return "cannot be run: " + CommandFailure.firstLine(e);
    } finally {
      boolean unusedLate = deadline.end();
      watchdog.interrupt();
    }
  }

  /** Kills one run when its time is over, and never the next one. */
  private final class Deadline implements Runnable {
    private boolean ended;
    private boolean passed;

    @Override
    public void run() {
      try {
        TimeUnit.MILLISECONDS.sleep(timeoutMs);
        kill();
      } catch (InterruptedException e) {
        return; // it ended in time
      }
    }

    private synchronized void kill() {
      if (!ended) {
        passed = true;
        commands.killRunning();
      }
    }

    synchronized boolean end() {
      ended = true;
      return passed;
    }
  }

  private List<String> words(NodeEvent event) {
    List<String> words = new ArrayList<>();
    words.add("env");
    for (Map.Entry<String, Object> field : event.fields().entrySet()) {
      // An argument of a program cannot have a zero byte.
      String value = String.valueOf(field.getValue()).replace('\0', ' ');
      words.add("WG_" + field.getKey().toUpperCase(Locale.ROOT) + "=" + value);
    }
    words.addAll(List.of("/bin/sh", "-c", command));
    return words;
  }

  @Override
  public void close() {
    thread.interrupt(); // kills what runs
    try {
      thread.join(CLOSE_TIMEOUT_MS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    subscription.close();
  }
}
