package io.wgnetty.observe;

import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.SimpleFormatter;

/**
 * Hands on what one thread logs that is more than information, whatever the level of the log: for a
 * person who waits for what this thread does.
 */
public final class WarningTap extends Handler implements AutoCloseable {
  private final long thread;
  private final Consumer<String> listener;

  private WarningTap(long thread, Consumer<String> listener) {
    this.thread = thread;
    this.listener = listener;
    setFormatter(new SimpleFormatter()); // fills parameters in
    setLevel(Level.WARNING);
  }

  /** Begins with the thread that calls; the listener is called on it. */
  public static WarningTap ofThisThread(Consumer<String> listener) {
    var tap = new WarningTap(Thread.currentThread().threadId(), listener);
    LogLevel.OWN.addHandler(tap);
    return tap;
  }

  @Override
  public void publish(LogRecord line) {
    if (isLoggable(line) && Thread.currentThread().threadId() == thread) {
      listener.accept(getFormatter().formatMessage(line));
    }
  }

  @Override
  public void flush() {}

  /** Ends it. */
  @Override
  public void close() {
    LogLevel.OWN.removeHandler(this);
  }
}
