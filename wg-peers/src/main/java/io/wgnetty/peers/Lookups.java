package io.wgnetty.peers;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.source.LookedUp;
import io.wgnetty.peers.source.PeerSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Asks a source on threads of its own. Who comes while few others are being looked up is asked for
 * at once. Everybody else waits until one of those has been answered, or for a moment; if the
 * source takes several keys at a time, all who wait then go together. Any thread.
 *
 * @param <W> what is known of who wants it, beside the key
 */
final class Lookups<W> implements AutoCloseable {
  /** Questions under way. */
  static final int AT_ONCE = 16;

  /** As many questions that nobody waited for. */
  private static final int FEW = 2;

  /** Nobody waits longer for another question's answer, as long as there may be more of them. */
  private static final long MOMENT_NS = TimeUnit.MILLISECONDS.toNanos(5);

  private static final long THREAD_IDLE_SECONDS = 10;

  /** What came of it. */
  record Answer<W>(W wanted, LookedUp found) {}

  private record Waiting<W>(PublicKey key, W wanted, long sinceNs) {}

  private final PeerSource source;
  private final Consumer<List<Answer<W>>> taker;
  private final int maxWaiting;
  private final ThreadPoolExecutor threads =
      new ThreadPoolExecutor(
          AT_ONCE,
          AT_ONCE,
          THREAD_IDLE_SECONDS,
          TimeUnit.SECONDS,
          new LinkedBlockingQueue<>(),
          Thread.ofPlatform().daemon().name("peers-lookup-", 0).factory());

  private final ArrayDeque<Waiting<W>> waiting = new ArrayDeque<>();

  /** Threads that serve, or will at once. */
  private int serving;

  /** Those of them that wait for an answer. */
  private int asking;

  /** Whether one of them waits for who else comes. */
  private boolean isAwaited;

  private boolean closed;

  /**
   * Nobody waits.
   *
   * @param taker gets answers in the order in which they were asked for, from any thread
   * @param maxWaiting who comes on top of that is turned away
   */
  Lookups(PeerSource source, Consumer<List<Answer<W>>> taker, int maxWaiting) {
    this.source = source;
    this.taker = taker;
    this.maxWaiting = maxWaiting;
    threads.allowCoreThreadTimeOut(true);
  }

  /** Has a key looked up; {@code false} if too many wait. */
  boolean begin(PublicKey key, W wanted) {
    synchronized (this) {
      if (closed || waiting.size() >= maxWaiting) {
        return false;
      }
      waiting.add(new Waiting<>(key, wanted, System.nanoTime()));
      if (!isAwaited) {
        serveMore();
      }
    }
    return true;
  }

  /** With the lock. */
  private void serveMore() {
    if (serving < AT_ONCE && !closed) {
      serving++;
      threads.execute(this::serve);
    }
  }

  private void serve() {
    try {
      List<Waiting<W>> some = take();
      while (!some.isEmpty()) {
        ask(some);
        some = take();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the end
    }
  }

  /** Who is to be asked for next; nobody if this thread is not needed any more. */
  private synchronized List<Waiting<W>> take() throws InterruptedException {
    int keys = source.keysAtOnce();
    while (!waiting.isEmpty()) {
      Waiting<W> first = waiting.element();
      long waitNs = MOMENT_NS - (System.nanoTime() - first.sinceNs());
      if (keys == 1 || asking < FEW || waitNs <= 0) {
        return taken(keys);
      }
      if (isAwaited) {
        break; // by another thread, which will ask for them
      }
      isAwaited = true;
      try {
        TimeUnit.NANOSECONDS.timedWait(this, waitNs);
      } finally {
        isAwaited = false;
      }
    }
    serving--;
    return List.of();
  }

  /** With the lock. */
  private List<Waiting<W>> taken(int max) {
    List<Waiting<W>> some = new ArrayList<>();
    while (some.size() < max && !waiting.isEmpty()) {
      some.add(waiting.remove());
    }
    if (!waiting.isEmpty()) {
      serveMore();
    }
    asking++;
    return some;
  }

  private synchronized void asked() {
    asking--;
    notifyAll();
  }

  private void ask(List<Waiting<W>> some) throws InterruptedException {
    Map<PublicKey, @Nullable LookedUp> found = new LinkedHashMap<>();
    some.forEach(one -> found.put(one.key(), null));
    try {
      source.lookUp(List.copyOf(found.keySet())).forEach(one -> found.put(one.key(), one));
    } catch (RuntimeException e) {
      found.replaceAll((key, one) -> LookedUp.failed(key, e));
    } finally {
      asked();
    }
    List<Answer<W>> answers = new ArrayList<>();
    for (Waiting<W> one : some) {
      LookedUp answer = found.get(one.key());
      answers.add(
          new Answer<>(
              one.wanted(),
              answer != null
                  ? answer
                  : LookedUp.failed(one.key(), new IllegalStateException("no answer"))));
    }
    taker.accept(answers);
  }

  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      waiting.clear();
    }
    threads.shutdownNow();
  }
}
