package io.wgnetty.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The latest events of a simulation, put into words only if something went wrong. */
final class EventLog {
  private static final int CAPACITY = 200;

  private record Entry(long timeNs, String format, List<Object> arguments) {
    @Override
    public String toString() {
      return String.format(Locale.ROOT, "%14.6f s  ", timeNs / 1e9)
          + String.format(Locale.ROOT, format, arguments.toArray());
    }
  }

  private final EventQueue time;
  private final Entry[] entries = new Entry[CAPACITY];
  private long count;

  EventLog(EventQueue time) {
    this.time = time;
  }

  void add(String format, Object... arguments) {
    entries[(int) (count++ % CAPACITY)] = new Entry(time.nowNs(), format, Arrays.asList(arguments));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (long i = Math.max(0, count - CAPACITY); i < count; i++) {
      text.append("  ").append(entries[(int) (i % CAPACITY)]).append('\n');
    }
    return text.toString();
  }
}
