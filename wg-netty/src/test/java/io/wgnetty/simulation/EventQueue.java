package io.wgnetty.simulation;

import java.util.PriorityQueue;

/** Virtual time, and everything that is still to happen in it. */
final class EventQueue {
  private record Event(long timeNs, long order, Runnable action) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      int byTime = Long.compare(timeNs, other.timeNs);
      return byTime != 0 ? byTime : Long.compare(order, other.order);
    }
  }

  // Not 0: a clock that starts anywhere finds those who take 0 for "never".
  private long nowNs = 1_000_000_007L;
  private long added;
  private final PriorityQueue<Event> events = new PriorityQueue<>();

  long nowNs() {
    return nowNs;
  }

  /** Events of one moment happen in the order in which they were asked for. */
  void at(long timeNs, Runnable action) {
    events.add(new Event(Math.max(timeNs, nowNs), added++, action));
  }

  void after(long delayNs, Runnable action) {
    at(nowNs + delayNs, action);
  }

  void runUntil(long endNs) {
    for (Event next = events.peek(); next != null && next.timeNs <= endNs; next = events.peek()) {
      events.remove();
      nowNs = next.timeNs;
      next.action.run();
    }
    nowNs = endNs;
  }

  void runFor(long durationNs) {
    runUntil(nowNs + durationNs);
  }
}
