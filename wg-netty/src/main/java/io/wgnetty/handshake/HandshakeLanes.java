package io.wgnetty.handshake;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The steps of handshakes that wait for a worker, in lanes, each with its own bound: one kind of
 * work can neither displace another nor let it wait for ever.
 *
 * <ol>
 *   <li>What completes a handshake that has begun: dropping it would waste what it has cost.
 *   <li>Initiations of those who have shown a cookie, in their order.
 *   <li>Other initiations that came in, in theirs.
 *   <li>Our own, of each shard so few at a time that they leave evenly however many peers want one.
 *       Every eighth time they come first.
 * </ol>
 *
 * <p>Any thread; nobody waits but a worker for work.
 */
public final class HandshakeLanes {
  /** As many as a few workers compute in the five seconds for which an initiation is of use. */
  public static final int INCOMING_CAPACITY = 32768;

  /** What is opened comes back to be completed, and then is ahead of what would be opened next. */
  private static final int COMPLETING_CAPACITY = 32768;

  /** Enough that no worker waits for the loop. */
  public static final int OWN_CAPACITY = 64;

  private static final int OWN_FIRST_EVERY = 8;

  /** A bounded queue. */
  private static final class Lane {
    private final Queue<HandshakeJob> jobs = new ConcurrentLinkedQueue<>();
    private final AtomicInteger size = new AtomicInteger();
    private final int capacity;

    Lane(int capacity) {
      this.capacity = capacity;
    }

    boolean offer(HandshakeJob job) {
      if (size.incrementAndGet() > capacity) {
        size.decrementAndGet();
        return false;
      }
      return jobs.add(job);
    }

    @Nullable HandshakeJob poll() {
      HandshakeJob job = jobs.poll();
      if (job != null) {
        size.decrementAndGet();
      }
      return job;
    }
  }

  private final Lane completing = new Lane(COMPLETING_CAPACITY);
  private final Lane proven = new Lane(INCOMING_CAPACITY);
  private final Lane incoming = new Lane(INCOMING_CAPACITY);
  private final List<Lane> own = new ArrayList<>();

  /** As many as steps wait. */
  private final Semaphore waiting = new Semaphore(0);

  /** Empty lanes for the steps of so many shards. */
  public HandshakeLanes(int shards) {
    for (int i = 0; i < shards; i++) {
      own.add(new Lane(OWN_CAPACITY));
    }
  }

  /** Takes a step if there is room for it in its lane. */
  public boolean offer(HandshakeJob job) {
    boolean taken = lane(job).offer(job);
    if (taken) {
      waiting.release();
    }
    return taken;
  }

  private Lane lane(HandshakeJob job) {
    return switch (job.kind()) {
      case COMPLETING -> completing;
      case PROVEN -> proven;
      case INCOMING -> incoming;
      case OWN -> own.get(job.shard() % own.size());
    };
  }

  /** How many initiations of others wait. */
  public int incoming() {
    return proven.size.get() + unproven();
  }

  /** How many of them came without a cookie. */
  public int unproven() {
    return incoming.size.get();
  }

  /**
   * Waits for a step and takes the one whose turn it is.
   *
   * @param turn the number of steps that this worker has taken so far
   */
  public HandshakeJob take(int turn) throws InterruptedException {
    waiting.acquire();
    return granted(turn);
  }

  /** There is one for everybody who got past the semaphore, though another was faster here. */
  private HandshakeJob granted(int turn) {
    HandshakeJob job = next(turn);
    while (job == null) {
      job = next(turn);
    }
    return job;
  }

  private @Nullable HandshakeJob next(int turn) {
    HandshakeJob job = turn % OWN_FIRST_EVERY == 0 ? nextOwn(turn) : null;
    if (job == null) {
      job = completing.poll();
    }
    if (job == null) {
      job = proven.poll();
    }
    if (job == null) {
      job = incoming.poll();
    }
    return job == null ? nextOwn(turn) : job;
  }

  /** One of the shards' own, beginning with another shard each time. */
  private @Nullable HandshakeJob nextOwn(int turn) {
    for (int i = 0; i < own.size(); i++) {
      int shard = Integer.remainderUnsigned(turn / OWN_FIRST_EVERY + i, own.size());
      HandshakeJob job = own.get(shard).poll();
      if (job != null) {
        return job;
      }
    }
    return null;
  }

  /** Takes the step whose turn it is, if any waits. */
  public @Nullable HandshakeJob poll(int turn) {
    return waiting.tryAcquire() ? granted(turn) : null;
  }

  /** Takes everything out. */
  public void drain(Consumer<HandshakeJob> to) {
    for (HandshakeJob job = poll(1); job != null; job = poll(1)) {
      to.accept(job);
    }
  }
}
