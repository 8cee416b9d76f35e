package io.wgnetty.control;

import io.netty.channel.EventLoop;
import java.util.ArrayDeque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whose request may look at the device and change it: one at a time, in the order of arrival
 * (protocol 7.1: set is serialised against get).
 *
 * <p>A set holds its turn until its last line. While it sends nothing, those that only read pass
 * by: what it has sent so far is in force, and they change nothing. One that leaves others waiting
 * and sends nothing for long loses its connection, so that a forgotten terminal cannot lock
 * everybody out. Control thread only.
 */
final class RequestTurns {
  /** A connection that waits for the device, or has it. */
  interface Holder {
    /** It is this one's turn now. */
    void turnCame();

    /** Whether it changes nothing. */
    boolean onlyReads();

    /** When it last sent something, by {@link System#nanoTime()}. */
    long lastInputNs();

    /** It kept the others waiting too long. */
    void loseTurn();
  }

  /** No program pauses this long in the middle of a request; a person may, if nobody waits. */
  static final long MAX_SILENCE_NS = TimeUnit.SECONDS.toNanos(10);

  /** A request that is on its way in one go has no such pauses. */
  static final long SHORT_SILENCE_NS = TimeUnit.MILLISECONDS.toNanos(100);

  private final long maxSilenceNs;
  private final ArrayDeque<Holder> waiting = new ArrayDeque<>();
  private @Nullable Holder holder;
  private boolean watching;

  RequestTurns(long maxSilenceNs) {
    this.maxSilenceNs = maxSilenceNs;
  }

  /**
   * Takes the turn at once if nobody has it, or passes by a holder that is silent; otherwise {@link
   * Holder#turnCame} follows later.
   */
  boolean take(Holder asking, EventLoop loop) {
    if (holder == null) {
      holder = asking;
      return true;
    }
    if (asking.onlyReads() && isSilent(SHORT_SILENCE_NS)) {
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
      long delayNs = Math.min(SHORT_SILENCE_NS, maxSilenceNs);
      loop.schedule(() -> checkHolder(loop), delayNs, TimeUnit.NANOSECONDS);
    }
  }

  private boolean isSilent(long silenceNs) {
    return holder != null && System.nanoTime() - holder.lastInputNs() >= silenceNs;
  }

  private void checkHolder(EventLoop loop) {
    watching = false;
    if (holder == null || waiting.isEmpty()) {
      return;
    }
    if (isSilent(SHORT_SILENCE_NS)) {
      List<Holder> readers = waiting.stream().filter(Holder::onlyReads).toList();
      waiting.removeAll(readers);
      readers.forEach(Holder::turnCame);
    }
    if (holder != null && !waiting.isEmpty() && isSilent(maxSilenceNs)) {
      holder.loseTurn();
    }
    if (!waiting.isEmpty()) {
      watch(loop);
    }
  }
}
