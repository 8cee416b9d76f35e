package io.wgnetty.device;

import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.wgnetty.pipeline.NanoClock;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The one wake-up that an event loop has asked for. Belongs to the loop's thread. */
final class LoopAlarm {
  /**
   * The event loop's own timers stand still while the machine sleeps, so it looks again so often:
   * what fell due meanwhile is late by this at most.
   */
  private static final long MAX_SLEEP_NS = TimeUnit.SECONDS.toNanos(30);

  private final EventLoop loop;
  private final NanoClock clock;
  private final Runnable action;
  private @Nullable Future<?> pending;

  LoopAlarm(EventLoop loop, NanoClock clock, Runnable action) {
    this.loop = loop;
    this.clock = clock;
    this.action = action;
  }

  /**
   * Asks for the action at that moment in place of the one before; {@link Long#MAX_VALUE}: never.
   */
  void at(long deadlineNs) {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
    if (deadlineNs != Long.MAX_VALUE) {
      long delayNs = Math.clamp(deadlineNs - clock.nowNs(), 0, MAX_SLEEP_NS);
      pending = loop.schedule(action, delayNs, TimeUnit.NANOSECONDS);
    }
  }
}
