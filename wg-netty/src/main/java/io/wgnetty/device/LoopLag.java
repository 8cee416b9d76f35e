package io.wgnetty.device;

import io.netty.channel.EventLoop;
import io.wgnetty.pipeline.NanoClock;
import java.util.concurrent.TimeUnit;
import java.util.function.LongPredicate;

/**
 * How long a loop has let something wait that was due: behind other packets, a task, a collection
 * of garbage, or for a processor. Looked at a hundred times a second while there are packets; an
 * idle loop is not woken for it. Belongs to the loop's thread.
 */
final class LoopLag {
  private static final long LOOK_AFTER_NS = TimeUnit.MILLISECONDS.toNanos(10);

  /** The longest is told for one to two of these. */
  static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(30);

  private final EventLoop loop;
  private final NanoClock clock;
  private final LongPredicate alsoLooks;
  private boolean looking;
  private long dueNs;
  private long windowBeganNs;
  private long longestNs;
  private long longestBeforeNs;

  /**
   * Looks when there are packets.
   *
   * @param alsoLooks somebody who looks at the same moments, is told the time, and says whether to
   *     look again though there may be no more packets
   */
  LoopLag(EventLoop loop, NanoClock clock, LongPredicate alsoLooks) {
    this.loop = loop;
    this.clock = clock;
    this.alsoLooks = alsoLooks;
    this.windowBeganNs = clock.nowNs();
  }

  /** There are packets: looks in a moment how late the loop is. */
  void packets() {
    if (!looking) {
      looking = true;
      dueNs = clock.nowNs() + LOOK_AFTER_NS;
      var unusedLook = loop.schedule(this::look, LOOK_AFTER_NS, TimeUnit.NANOSECONDS);
    }
  }

  private void look() {
    looking = false;
    long nowNs = clock.nowNs();
    turnWindow(nowNs);
    longestNs = Math.max(longestNs, nowNs - dueNs);
    if (alsoLooks.test(nowNs)) {
      packets();
    }
  }

  /** The longest wait of the last half or whole minute. */
  long longestNs() {
    turnWindow(clock.nowNs());
    return Math.max(longestNs, longestBeforeNs);
  }

  private void turnWindow(long nowNs) {
    if (nowNs - windowBeganNs >= WINDOW_NS) {
      longestBeforeNs = nowNs - windowBeganNs >= 2 * WINDOW_NS ? 0 : longestNs;
      longestNs = 0;
      windowBeganNs = nowNs;
    }
  }
}
