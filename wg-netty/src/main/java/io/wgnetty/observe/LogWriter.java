package io.wgnetty.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.Charset;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Writes text to a stream from a thread of its own, so that whoever has something to say never
 * waits for a reader that is slow. What waits is bounded: once it is full, what comes is dropped
 * and counted, until half of it is written; then a line says how many it were.
 */
final class LogWriter {
  /** Characters that may wait: some thousand lines, or a few dozen with stack traces. */
  static final int MAX_WAITING = 256 * 1024;

  private final OutputStream out;
  private final Charset charset;
  private final LongFunction<String> notice;

  // The rest is guarded by this.
  private final Queue<String> lines = new ArrayDeque<>();
  private int waiting;
  private boolean full;
  private long unsaid;
  private long droppedEver;
  private boolean writing;
  private @Nullable Thread thread;

  /**
   * A writer that starts its thread with the first line.
   *
   * @param notice the line that says how many were dropped
   */
  LogWriter(OutputStream out, Charset charset, LongFunction<String> notice) {
    this.out = out;
    this.charset = charset;
    this.notice = notice;
  }

  /** Takes a line, its end included, to be written behind the others; never waits. */
  synchronized void add(String line) {
    if (thread == null) {
      thread = Thread.ofPlatform().daemon().name("log").start(this::writeOn);
    }
    if (full ? waiting > MAX_WAITING / 2 : waiting > 0 && waiting + line.length() > MAX_WAITING) {
      full = true;
      unsaid++;
      droppedEver++;
      return;
    }
    full = false;
    sayDropped();
    enqueue(line);
  }

  private void sayDropped() {
    if (unsaid > 0) {
      enqueue(notice.apply(unsaid));
      unsaid = 0;
    }
  }

  private void enqueue(String line) {
    lines.add(line);
    waiting += line.length();
    notifyAll();
  }

  /** Lines that were dropped so far. */
  synchronized long dropped() {
    return droppedEver;
  }

  /**
   * Waits until nothing is left to write, but no longer than this.
   *
   * @return whether nothing is left
   */
  synchronized boolean drain(long timeoutMs) {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    boolean interrupted = false;
    while (writing || waiting > 0 || unsaid > 0) {
      long leftNs = deadlineNs - System.nanoTime();
      if (leftNs <= 0) {
        break;
      }
      try {
        wait(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
    return !writing && waiting == 0 && unsaid == 0;
  }

  private void writeOn() {
    while (true) {
      try {
        byte[] line = next().getBytes(charset);
        out.write(line);
        out.flush();
      } catch (IOException | InterruptedException | RuntimeException | OutOfMemoryError e) {
        // Nobody reads any more, or one line is too much: there is no place to say so.
      }
    }
  }

  private synchronized String next() throws InterruptedException {
    writing = false;
    notifyAll();
    while (lines.isEmpty()) {
      sayDropped();
      if (lines.isEmpty()) {
        wait();
      }
    }
    String line = lines.remove();
    waiting -= line.length();
    writing = true;
    return line;
  }
}
