package io.wgnetty.control;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whose request may look at the device and change it: one at a time, in the order of arrival
 * (protocol 7.1: set is serialised against get).
 *
 * <p>A set holds its turn until its last line. One that leaves the others waiting and sends nothing
 * loses its connection, so that a forgotten terminal cannot lock everybody out. Control thread
 * only.
 */
final class RequestTurns {
  /** A connection that waits for the device, or has it. */
  interface Holder {
    /** It is this one's turn now. */
    void turnCame();

    /** When it last sent something, by {@link System#nanoTime()}. */
    long lastInputNs();

    /** It kept the others waiting too long. */
    void loseTurn();
  }

  /** No program pauses this long in the middle of a request; a person may, if nobody waits. */
  static final long MAX_SILENCE_NS = TimeUnit.SECONDS.toNanos(10);

  private final long maxSilenceNs;
  private final ArrayDeque<Holder> waiting = new ArrayDeque<>();
  private @Nullable Holder holder;
  private boolean watching;

  RequestTurns(long maxSilenceNs) {
    this.maxSilenceNs = maxSilenceNs;
  }

  /** Takes the turn at once if nobody has it; otherwise {@link Holder#turnCame} follows later. */
  boolean take(Holder asking, EventLoop loop) {
    if (holder == null) {
      holder = asking;
      return true;
    }
    waiting.addLast(asking);
    watch(loop);
    return false;
  }

  /** Gives the turn, or the place in the queue, back. Harmless for one that has neither. */
  void leave(Holder leaving) {
    waiting.remove(leaving);
    if (!leaving.equals(holder)) {
      return;
    }
    holder = waiting.pollFirst();
    if (holder != null) {
      holder.turnCame();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // ends with the event loop
  private void watch(EventLoop loop) {
    if (!watching) {
      watching = true;
      loop.schedule(() -> checkHolder(loop), maxSilenceNs, TimeUnit.NANOSECONDS);
    }
  }

  private void checkHolder(EventLoop loop) {
    watching = false;
    if (holder == null || waiting.isEmpty()) {
      return;
    }
    if (System.nanoTime() - holder.lastInputNs() >= maxSilenceNs) {
      holder.loseTurn();
    }
    if (!waiting.isEmpty()) {
      watch(loop);
    }
  }
}
