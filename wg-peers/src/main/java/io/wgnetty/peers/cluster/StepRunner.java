package io.wgnetty.peers.cluster;

import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that everything is decided on. What fails once does not end it. */
final class StepRunner {
  private static final Logger LOG = LoggerFactory.getLogger(StepRunner.class);
  private static final long CLOSING_MS = 2000;

  private final String name;
  private final Runnable afterEach;
  private final ScheduledExecutorService thread;

  /** {@code afterEach} is done behind every step. */
  StepRunner(String name, Runnable afterEach) {
    this.name = name;
    this.afterEach = afterEach;
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name(name).factory());
  }

  private void guarded(Runnable step) {
    try {
      step.run();
      afterEach.run();
    } catch (RuntimeException e) {
      LOG.error("{}", name, e);
    }
  }

  /** Does it soon. */
  void execute(Runnable step) {
    try {
      thread.execute(() -> guarded(step));
    } catch (RejectedExecutionException e) {
      LOG.debug("{} is closed", name);
    }
  }

  /** Does it again and again. */
  void every(long ms, Runnable step) {
    var unusedTask =
        thread.scheduleWithFixedDelay(() -> guarded(step), ms, ms, TimeUnit.MILLISECONDS);
  }

  /** Does it, and waits for that. */
  void await(Runnable step) throws InterruptedException {
    try {
      var unusedNothing = thread.submit(() -> guarded(step)).get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (RejectedExecutionException e) {
      throw new InterruptedException("closed");
    }
  }

  void close() throws InterruptedException {
    thread.shutdown();
    if (!thread.awaitTermination(CLOSING_MS, TimeUnit.MILLISECONDS)) {
      LOG.debug("{} is still at work", name);
    }
  }
}
