package io.wgnetty.device;

import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Calls a port's tick twice a second, for as long as there is need. Its thread exists while there
 * is.
 */
final class PortTimer implements AutoCloseable {
  /**
   * What came while nobody read is thrown away when it is once to twice as old: then no more than
   * one initiation of a peer waits, since peers repeat theirs after 5 s, and it is young enough to
   * be answered.
   */
  private static final long INTERVAL_MS = 500;

  private final ScheduledThreadPoolExecutor executor;
  private final Object lock;
  private final BooleanSupplier tick;
  private boolean ticking;
  private boolean closed;

  /** {@code tick} is called with the {@code lock} held, and says whether it has to be again. */
  PortTimer(String interfaceName, Object lock, BooleanSupplier tick) {
    this.lock = lock;
    this.tick = tick;
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("port-" + interfaceName).factory());
    executor.setKeepAliveTime(2 * INTERVAL_MS, TimeUnit.MILLISECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /** There is need; with the lock held. */
  void start() {
    if (!ticking && !closed) {
      ticking = true;
      schedule();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing escapes from what it runs
  private void schedule() {
    executor.schedule(this::run, INTERVAL_MS, TimeUnit.MILLISECONDS);
  }

  private void run() {
    synchronized (lock) {
      ticking = false;
      if (!closed && tick.getAsBoolean()) {
        start();
      }
    }
  }

  /** Ends it; with the lock held, or when nobody can have it. */
  @Override
  public void close() {
    closed = true;
    executor.shutdownNow();
  }
}
