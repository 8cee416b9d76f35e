package io.wgnetty.node;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The service manager that started this process and wants to hear of its states: systemd, by the
 * protocol of sd_notify(3).
 *
 * <p>Where there is none, nothing happens. A message that cannot be sent is logged: the node works
 * without a manager that listens.
 */
final class SdNotify implements AutoCloseable {
  /** Where to send to. */
  static final String SOCKET = "NOTIFY_SOCKET";

  /** How long the manager waits for a beat before it takes the process for dead. */
  static final String WATCHDOG_MICROSECONDS = "WATCHDOG_USEC";

  /** Whose beats it waits for. A child inherits both variables, and is not meant. */
  static final String WATCHDOG_PID = "WATCHDOG_PID";

  private static final Logger LOG = LoggerFactory.getLogger(SdNotify.class);

  private final @Nullable NotifySocket socket;
  private final long watchdogMicroseconds;
  private final LongSupplier monotonicNs;
  private @Nullable ScheduledExecutorService watchdog;
  private boolean missed;
  private boolean closed;

  private SdNotify(
      @Nullable NotifySocket socket, long watchdogMicroseconds, LongSupplier monotonicNs) {
    this.socket = socket;
    this.watchdogMicroseconds = watchdogMicroseconds;
    this.monotonicNs = monotonicNs;
  }

  /** The manager that the environment names, or nobody. */
  static SdNotify from(Map<String, String> environment) {
    // On Linux this is CLOCK_MONOTONIC, which the manager compares with its own.
    return from(environment, ProcessHandle.current().pid(), System::nanoTime);
  }

  static SdNotify from(Map<String, String> environment, long ownPid, LongSupplier monotonicNs) {
    NotifySocket socket = null;
    String name = environment.getOrDefault(SOCKET, "");
    if (!name.isEmpty()) {
      try {
        socket = NotifySocket.to(name);
      } catch (IOException e) {
        LOG.warn("{}: {}", SOCKET, e.getMessage());
      }
    }
    return new SdNotify(socket, watchdogMicroseconds(environment, ownPid), monotonicNs);
  }

  private static long watchdogMicroseconds(Map<String, String> environment, long ownPid) {
    String pid = environment.getOrDefault(WATCHDOG_PID, "");
    if (!pid.isEmpty() && !pid.equals(Long.toString(ownPid))) {
      return 0;
    }
    try {
      return Math.max(0, Long.parseLong(environment.getOrDefault(WATCHDOG_MICROSECONDS, "0")));
    } catch (NumberFormatException e) {
      LOG.warn("{} is not a number", WATCHDOG_MICROSECONDS);
      return 0;
    }
  }

  /** Start-up, or a reload that was announced, is done. */
  void ready(String status) {
    send("READY=1\nSTATUS=" + oneLine(status));
  }

  /** A reload has begun; {@link #ready} ends it, also if it failed. */
  void reloading() {
    long nowMicroseconds = TimeUnit.NANOSECONDS.toMicros(monotonicNs.getAsLong());
    send("RELOADING=1\nMONOTONIC_USEC=" + nowMicroseconds);
  }

  /** What a person reads in {@code systemctl status}. */
  void status(String status) {
    send("STATUS=" + oneLine(status));
  }

  /** Another process does this one's work from now on. */
  void handedOver(long pid) {
    send("MAINPID=" + pid);
  }

  /** The end has begun. */
  void stopping() {
    send("STOPPING=1");
  }

  /**
   * Sends beats, twice as often as the manager wants them, as long as {@code alive} says so: it is
   * asked before each. If it says no, or does not return, the manager hears nothing and restarts
   * the service.
   */
  synchronized void startWatchdog(BooleanSupplier alive) {
    if (socket == null || watchdogMicroseconds == 0 || watchdog != null || closed) {
      return;
    }
    watchdog =
        Executors.newSingleThreadScheduledExecutor(
            work -> {
              var thread = new Thread(work, "watchdog");
              thread.setDaemon(true);
              return thread;
            });
    long periodMicroseconds = Math.max(1, watchdogMicroseconds / 2);
    var unusedBeats =
        watchdog.scheduleAtFixedRate(
            () -> beat(alive), 0, periodMicroseconds, TimeUnit.MICROSECONDS);
  }

  private void beat(BooleanSupplier alive) {
    boolean isAlive;
    try {
      isAlive = alive.getAsBoolean();
    } catch (RuntimeException e) {
      // Not thrown on: the executor would never ask again, and it may have been a moment's trouble.
      LOG.error("the watchdog cannot see whether the node is alive", e);
      isAlive = false;
    }
    if (isAlive) {
      send("WATCHDOG=1");
    } else if (!missed) {
      LOG.error("an event loop does not answer: the service manager gets no sign of life");
    }
    missed = !isAlive;
  }

  private static String oneLine(String text) {
    return text.replace('\n', ' '); // a line of its own would be a message of its own
  }

  private synchronized void send(String message) {
    if (socket == null || closed) {
      return;
    }
    try {
      socket.send(message);
    } catch (IOException e) {
      LOG.warn("the service manager does not hear {}: {}", message, e.getMessage());
    }
  }

  /** Ends the beats. */
  @Override
  public synchronized void close() {
    if (closed) {
      return;
    }
    closed = true;
    if (watchdog != null) {
      watchdog.shutdownNow();
    }
    if (socket != null) {
      socket.close();
    }
  }
}
