package io.wgnetty.setup;

import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Looks after the endpoints of an interface that are names, on a thread of its own. */
public final class NameWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(NameWatch.class);

  private static final long PERIOD_MS = 1000;

  private final ScheduledExecutorService thread;

  private NameWatch(ScheduledExecutorService thread) {
    this.thread = thread;
  }

  /** Begins to do so. */
  public static NameWatch start(ConfiguredInterface configured) {
    return start(configured.name(), configured::tendNames);
  }

  /**
   * Begins to do so.
   *
   * @param whose for the thread's name
   * @param tend called once a second
   */
  static NameWatch start(String whose, Runnable tend) {
    ScheduledExecutorService thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("names-" + whose).factory());
    var unusedTask =
        thread.scheduleWithFixedDelay(
            () -> tend(whose, tend), PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
    return new NameWatch(thread);
  }

  /** What fails once must not end it. */
  private static void tend(String whose, Runnable tend) {
    try {
      tend.run();
    } catch (RuntimeException e) {
      LOG.warn("interface {}: names of endpoints: {}", whose, e.toString());
    }
  }

  /** Ends it, and waits for what it does just now; lookups that wait for answers are left. */
  @Override
  public void close() {
    thread.shutdown();
    boolean interrupted = false;
    try {
      if (!thread.awaitTermination(PERIOD_MS, TimeUnit.MILLISECONDS)) {
        LOG.debug("names of endpoints are still looked at");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
