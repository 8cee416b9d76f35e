package io.wgnetty.control;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * The thread on which operations run, one after the other; there is none while there is no work.
 */
final class OperationRunner implements AutoCloseable {
  /** Requests that wait. They come from people and their tools: more is a mistake. */
  static final int MAX_WAITING = 32;

  private static final long IDLE_SECONDS = 10;

  /** The answer to the operation that ends the node is to reach its client. */
  private static final long CLOSE_TIMEOUT_MS = 2000;

  private final Operations operations;
  private final ThreadPoolExecutor thread;

  OperationRunner(Operations operations) {
    this.operations = operations;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(MAX_WAITING),
            new DefaultThreadFactory("operations", true));
    thread.allowCoreThreadTimeOut(true);
  }

  Operations operations() {
    return operations;
  }

  /** Runs it when its time has come; false if too many wait. */
  boolean submit(Runnable work) {
    try {
      thread.execute(work);
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  /** Lets what runs come to its end, for a moment; what waits is forgotten. */
  @Override
  public void close() {
    thread.getQueue().clear();
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        thread.shutdownNow();
      }
    } catch (InterruptedException e) {
      thread.shutdownNow();
      Thread.currentThread().interrupt();
    }
  }
}
