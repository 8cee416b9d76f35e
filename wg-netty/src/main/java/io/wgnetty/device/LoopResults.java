package io.wgnetty.device;

import io.netty.channel.EventLoop;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.Handshakes;
import io.wgnetty.pipeline.NanoClock;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * What workers have computed, on its way to the loop that it belongs to: one wake-up brings all
 * that is there, and the messages that follow from it leave together.
 */
final class LoopResults {
  /** A result costs some microseconds, so packets wait a fraction of a millisecond. */
  private static final int AT_ONCE = 64;

  private final EventLoop loop;
  private final Handshakes handshakes;
  private final NanoClock clock;
  private final Runnable before;
  private final Runnable after;
  private final Queue<HandshakeJob> done = new ConcurrentLinkedQueue<>();

  /** What comes waits. On the loop's thread. */
  private boolean held;

  private final AtomicBoolean announced = new AtomicBoolean();

  /** {@code before} and {@code after} run on the loop's thread around the results of a wake-up. */
  LoopResults(
      EventLoop loop, Handshakes handshakes, NanoClock clock, Runnable before, Runnable after) {
    this.loop = loop;
    this.handshakes = handshakes;
    this.clock = clock;
    this.before = before;
    this.after = after;
  }

  /** Takes a result, for which nobody is woken yet. Any thread. */
  void add(HandshakeJob result) {
    done.add(result);
  }

  /** Sees to it that the loop takes what was added. Any thread. */
  void announce() {
    if (done.isEmpty() || !announced.compareAndSet(false, true)) {
      return;
    }
    try {
      loop.execute(this::complete);
    } catch (RejectedExecutionException e) {
      announced.set(false);
      discard(); // the interface is closing
    }
  }

  private void complete() {
    announced.set(false); // what is added from now on is announced again
    if (held) {
      return;
    }
    long nowNs = clock.nowNs();
    before.run();
    try {
      HandshakeJob result = done.poll();
      for (int left = AT_ONCE; result != null; result = left > 0 ? done.poll() : null) {
        left--;
        handshakes.complete(result, nowNs);
      }
    } finally {
      after.run();
      announce(); // what is left, also if something escaped
    }
  }

  /** Whether results wait, or are taken as they come. On the loop's thread. */
  void hold(boolean hold) {
    held = hold;
    announce();
  }

  /** Wipes what nobody will take any more. Any thread. */
  void discard() {
    for (HandshakeJob result = done.poll(); result != null; result = done.poll()) {
      result.discard();
    }
  }
}
