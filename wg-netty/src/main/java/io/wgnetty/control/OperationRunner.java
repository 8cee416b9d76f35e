package io.wgnetty.control;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The threads on which operations run, those of each {@link Operation.Pace} apart: a hook of {@code
 * down} may ask the node that waits for it. There are no threads while there is no work.
 */
final class OperationRunner implements AutoCloseable {
  /**
   * Requests that wait for others of their pace. They come from people and their tools: more is a
   * mistake.
   */
  static final int MAX_WAITING = 32;

  /** Clients that follow something at the same time; each is a thread. */
  static final int MAX_ENDLESS = 16;

  private static final long IDLE_SECONDS = 10;

  /** The answer to the operation that ends the node is to reach its client. */
  private static final long CLOSE_TIMEOUT_MS = 2000;

  private final Operations operations;
  private final ThreadPoolExecutor quick;
  private final ThreadPoolExecutor lasting;
  private final ThreadPoolExecutor endless;

  OperationRunner(Operations operations) {
    this.operations = operations;
    this.quick = threads("queries", 1, new ArrayBlockingQueue<>(MAX_WAITING));
    this.lasting = threads("operations", 1, new ArrayBlockingQueue<>(MAX_WAITING));
    this.endless = threads("streams", MAX_ENDLESS, new SynchronousQueue<>());
  }

  private static ThreadPoolExecutor threads(String name, int most, BlockingQueue<Runnable> queue) {
    var threads =
        new ThreadPoolExecutor(
            most,
            most,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            queue,
            new DefaultThreadFactory(name, true));
    threads.allowCoreThreadTimeOut(true);
    return threads;
  }

  Operations operations() {
    return operations;
  }

  /** Runs it when its time has come; false if too many wait. */
  boolean submit(Operation.Pace pace, Runnable work) {
    try {
      threads(pace).execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private ThreadPoolExecutor threads(Operation.Pace pace) {
    return switch (pace) {
      case QUICK -> quick;
      case LASTING -> lasting;
      case ENDLESS -> endless;
    };
  }

  /** Lets what runs come to its end, for a moment; what waits is forgotten. */
  @Override
  public void close() {
    quick.getQueue().clear();
    quick.shutdown();
    lasting.getQueue().clear();
    lasting.shutdown();
    // An interrupt is what those wait for; they have a moment for their last words.
    var unusedNoneWaits = endless.shutdownNow();
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(CLOSE_TIMEOUT_MS);
    for (ThreadPoolExecutor threads : List.of(lasting, quick, endless)) {
      awaitEnd(threads, deadlineNs - System.nanoTime());
    }
  }

  private static void awaitEnd(ThreadPoolExecutor threads, long patienceNs) {
    try {
      if (!threads.awaitTermination(patienceNs, TimeUnit.NANOSECONDS)) {
        threads.shutdownNow();
      }
    } catch (InterruptedException e) {
      threads.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
