package io.wgnetty.observe;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Keeps a log readable when the same happens many times: of each kind of event the first few in a
 * window of time pass, the others are counted, and the count is told when the window ends. Any
 * thread.
 */
final class StormDamper {
  /**
   * How many events of a kind did not pass.
   *
   * @param kind of event
   * @param events in the window that has ended
   */
  record Summary(String kind, long events) {}

  /** The window of one kind. */
  private static final class Window {
    private final long beganNs;
    private int passed;
    private long heldBack;

    private Window(long beganNs) {
      this.beganNs = beganNs;
    }
  }

  private final int passing;
  private final long windowNs;
  private final Map<String, Window> windows = new LinkedHashMap<>();

  /**
   * @param passing how many events of a kind pass in a window
   * @param windowNs how long a window is; it begins with the first event of its kind
   */
  StormDamper(int passing, long windowNs) {
    this.passing = passing;
    this.windowNs = windowNs;
  }

  /** Whether this event passes; {@link #ended} is to be asked first, at the same moment. */
  synchronized boolean passes(String kind, long nowNs) {
    Window window = windows.computeIfAbsent(kind, absent -> new Window(nowNs));
    if (window.passed < passing) {
      window.passed++;
      return true;
    }
    window.heldBack++;
    return false;
  }

  /** Ends the windows whose time is over; returns what they held back. */
  synchronized List<Summary> ended(long nowNs) {
    if (windows.isEmpty()) {
      return List.of();
    }
    List<Summary> summaries = new ArrayList<>();
    windows
        .entrySet()
        .removeIf(
            entry -> {
              Window window = entry.getValue();
              boolean over = nowNs - window.beganNs >= windowNs;
              if (over && window.heldBack > 0) {
                summaries.add(new Summary(entry.getKey(), window.heldBack));
              }
              return over;
            });
    return summaries;
  }

  /** Whether something is held back that {@link #ended} will tell of in time. */
  synchronized boolean isHoldingBack() {
    return windows.values().stream().anyMatch(window -> window.heldBack > 0);
  }
}
