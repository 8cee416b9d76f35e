package io.wgnetty.observe;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The last lines of the log, for whoever asks a running node. Whoever logs never waits for a
 * reader: what is too old is forgotten, and a reader who is late hears how much that was.
 */
public final class LogRing {
  /** Some thousand lines, or a few dozen with stack traces. */
  static final int MAX_CHARACTERS = 256 * 1024;

  /** A line of more is cut: it would push out all others. */
  static final int MAX_LINE_CHARACTERS = 16 * 1024;

  // Guarded by this.
  private final Deque<String> lines = new ArrayDeque<>();
  private int characters;
  private long first;

  /**
   * Lines of the log.
   *
   * @param missed how many came before them that are forgotten
   * @param next where to read on
   */
  public record Part(List<String> lines, long missed, long next) {
    public Part {
      lines = List.copyOf(lines);
    }
  }

  synchronized void add(String text) {
    String line = text.stripTrailing();
    if (line.length() > MAX_LINE_CHARACTERS) {
      line = line.substring(0, MAX_LINE_CHARACTERS) + " ...";
    }
    lines.addLast(line);
    characters += line.length();
    while (characters > MAX_CHARACTERS) {
      characters -= lines.removeFirst().length();
      first++;
    }
    notifyAll();
  }

  /** What there is from here on, at most so many lines; 0 is the beginning. */
  public synchronized Part from(long next, int most) {
    long begin = Math.max(next, first);
    var part = new ArrayList<String>();
    int skip = (int) Math.min(begin - first, lines.size());
    for (String line : lines) {
      if (skip > 0) {
        skip--;
      } else if (part.size() < most) {
        part.add(line);
      }
    }
    return new Part(part, begin - next, begin + part.size());
  }

  /** Waits until there is something from here on, but no longer than this. */
  public synchronized void await(long next, long timeoutMs) throws InterruptedException {
    long deadlineNs = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
    while (first + lines.size() <= next) {
      long leftNs = deadlineNs - System.nanoTime();
      if (leftNs <= 0) {
        return;
      }
      wait(TimeUnit.NANOSECONDS.toMillis(leftNs) + 1);
    }
  }
}
