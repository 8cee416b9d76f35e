package io.wgnetty.storm;

import io.wgnetty.protocol.Messages;
import io.wgnetty.udp.ManySourceSocket;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** Sends messages again and again at a rate, and counts what is sent back. A thread of its own. */
final class Flooder implements Runnable {
  private static final long PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final double SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  /** What was missed, because the machine was busy, is not made up for beyond this. */
  private static final double MOST_AT_ONCE_S = 0.02;

  private static final int SWEPT_SOURCES = 1 << 16;

  private final ManySourceSocket socket;
  private final List<byte[]> messages;
  private final FloodKind kind;
  private final int rate;
  private final SplittableRandom random;
  private final LongAdder sent = new LongAdder();
  private final LongAdder cookies = new LongAdder();
  private final LongAdder otherAnswers = new LongAdder();
  private volatile boolean stopped;
  private int next;

  Flooder(
      ManySourceSocket socket,
      List<byte[]> messages,
      FloodKind kind,
      int rate,
      SplittableRandom random) {
    this.socket = socket;
    this.messages = messages;
    this.kind = kind;
    this.rate = rate;
    this.random = random;
  }

  @Override
  public void run() {
    double owed = 0;
    long beforeNs = System.nanoTime();
    while (!stopped) {
      long nowNs = System.nanoTime();
      owed = Math.min(owed + (nowNs - beforeNs) / SECOND_NS * rate, rate * MOST_AT_ONCE_S + 1);
      beforeNs = nowNs;
      for (; owed >= 1; owed--) {
        socket.add(messages.get(next % messages.size()), source());
        next++;
        sent.increment();
      }
      socket.flush();
      while (socket.receive(this::answered) == ManySourceSocket.BATCH) {
        // more may be there
      }
      LockSupport.parkNanos(PAUSE_NS);
    }
  }

  private int source() {
    return switch (kind) {
      case ONE_SOURCE -> Addresses.forged(0);
      case SWEEP -> Addresses.forged(next % SWEPT_SOURCES);
      default -> Addresses.forged(random.nextInt());
    };
  }

  private void answered(byte[] datagram, int address) {
    if (datagram.length == Messages.COOKIE_REPLY_BYTES) {
      cookies.increment();
    } else {
      otherAnswers.increment();
    }
  }

  void stop() {
    stopped = true;
  }

  long sent() {
    return sent.sum();
  }

  long cookies() {
    return cookies.sum();
  }

  /** Responses: no message of a flood deserves one. */
  long otherAnswers() {
    return otherAnswers.sum();
  }
}
