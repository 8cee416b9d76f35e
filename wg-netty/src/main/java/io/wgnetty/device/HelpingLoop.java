package io.wgnetty.device;

import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.wgnetty.crypto.Aead;
import io.wgnetty.pipeline.LoopCipher;
import io.wgnetty.pipeline.LoopHelp;
import io.wgnetty.pipeline.NanoClock;
import io.wgnetty.pipeline.SharedWork;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.IntSupplier;

/**
 * A loop's part in helping: calls others when its own loop is behind, and seals and opens for those
 * that are. Helping is done between the loop's own turns, a task at a time, so that what is its own
 * waits for one task at most.
 *
 * <p>{@link #helpIfIdle} is for other loops' threads, all else for this loop's.
 */
final class HelpingLoop implements LoopHelp {
  /**
   * More tasks may come at once: to be woken for each would cost more than to wait for a moment.
   */
  private static final long PATIENCE_NS = TimeUnit.MICROSECONDS.toNanos(20);

  private final HelpingLoops others;
  private final EventLoop loop;
  private final NanoClock clock;
  private final LoopBusyness busyness = new LoopBusyness();
  private final LoopCipher cipher;
  private final SharedWork work;
  private final AtomicBoolean helping = new AtomicBoolean();
  private final Runnable help = this::help;
  private boolean closed;
  private long helpedNs;
  private long sealed;
  private long opened;

  /**
   * A loop that works for itself, until it is asked.
   *
   * @param aead the loop's cipher
   * @param mtu the interface's at this moment
   */
  HelpingLoop(
      HelpingLoops others,
      EventLoop loop,
      NanoClock clock,
      Aead aead,
      IntSupplier mtu,
      ByteBufAllocator allocator) {
    this.others = others;
    this.loop = loop;
    this.clock = clock;
    this.cipher = new LoopCipher(aead, mtu);
    this.work = new SharedWork(cipher, this, allocator);
  }

  /** The loop's own sealing and opening. */
  SharedWork work() {
    return work;
  }

  /** Looks whether the loop is behind; returns whether to look again. */
  boolean look(long nowNs) {
    return others.areThere() && busyness.look(nowNs, BootClock.threadCpuNs() - helpedNs);
  }

  @Override
  public boolean isWanted() {
    return busyness.isBehind();
  }

  @Override
  public void call() {
    others.callOne(this);
  }

  /** Has this loop help, if it has time and does not help already; returns whether it comes. */
  boolean helpIfIdle() {
    if (busyness.isBehind() || !helping.compareAndSet(false, true)) {
      return false;
    }
    return comeAgain();
  }

  private boolean comeAgain() {
    try {
      loop.execute(help);
      return true;
    } catch (RejectedExecutionException e) {
      helping.set(false); // the interface is closing
      return false;
    }
  }

  private void help() {
    long beganNs = clock.nowNs();
    boolean found = findTask(beganNs);
    if (!found) {
      helping.set(false);
      // Whoever offered a task before that has seen that we help, and did not call.
      found = doOne() && helping.compareAndSet(false, true);
    }
    helpedNs += clock.nowNs() - beganNs;
    if (found) {
      comeAgain();
    }
  }

  private boolean findTask(long beganNs) {
    while (!closed) {
      if (doOne()) {
        return true;
      }
      if (clock.nowNs() - beganNs > PATIENCE_NS) {
        return false;
      }
      Thread.onSpinWait();
    }
    return false;
  }

  private boolean doOne() {
    if (closed) {
      return false;
    }
    for (HelpingLoop other : others.all()) {
      if (other != this) {
        if (other.work.sealFor(cipher)) {
          sealed++;
          return true;
        }
        if (other.work.openFor(cipher)) {
          opened++;
          return true;
        }
      }
    }
    return false;
  }

  HelpCounts counts() {
    return new HelpCounts(sealed, opened);
  }

  /** Helps nobody any more, and waits for those who help this loop. */
  void close() {
    closed = true;
    work.close();
  }
}
