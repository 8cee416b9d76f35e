package io.wgnetty.node;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends the process when its orderly end takes too long, because something hangs: who sent SIGTERM
 * does not have to send SIGKILL.
 *
 * <p>A command of the configuration file's, which is a child process, has the time that it needs:
 * the clock stands still meanwhile. Whoever manages the service limits that.
 */
final class LastResort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(LastResort.class);
  static final Duration PATIENCE = Duration.ofSeconds(5);
  private static final long STEP_MS = 50;

  private final Thread thread;

  private LastResort(Duration patience, BooleanSupplier waitsForOthers, Runnable halt) {
    thread =
        Thread.ofPlatform()
            .daemon()
            .name("last-resort")
            .start(() -> count(patience, waitsForOthers, halt));
  }

  /** The clock runs from now on. */
  static LastResort start(Runnable halt) {
    return new LastResort(PATIENCE, LastResort::hasChildren, halt);
  }

  /** As above; for tests. */
  static LastResort start(Duration patience, BooleanSupplier waitsForOthers, Runnable halt) {
    return new LastResort(patience, waitsForOthers, halt);
  }

  private static boolean hasChildren() {
    try (var children = ProcessHandle.current().children()) {
      return children.findAny().isPresent();
    }
  }

  private static void count(Duration patience, BooleanSupplier waitsForOthers, Runnable halt) {
    long leftMs = patience.toMillis();
    try {
      while (leftMs > 0) {
        Thread.sleep(STEP_MS);
        if (!waitsForOthers.getAsBoolean()) {
          leftMs -= STEP_MS;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // it ended in good order
      return;
    }
    try {
      LOG.error(
          "the orderly end did not come within {} s: the process is halted", patience.toSeconds());
    } finally {
      halt.run();
    }
  }

  /** The end has come by itself. */
  @Override
  public void close() {
    thread.interrupt();
  }
}
