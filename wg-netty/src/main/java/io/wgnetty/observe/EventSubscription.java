package io.wgnetty.observe;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One who follows the events of an interface. Who reads too slowly loses some, and hears how many.
 */
public final class EventSubscription implements AutoCloseable {
  /** Some hundred KiB, and more than a network of a thousand peers that begins anew. */
  static final int MAX_WAITING = 4096;

  private final BlockingQueue<NodeEvent> waiting = new ArrayBlockingQueue<>(MAX_WAITING);
  private final LongAdder lost = new LongAdder();
  private final Consumer<EventSubscription> end;

  EventSubscription(Consumer<EventSubscription> end) {
    this.end = end;
  }

  /** Never waits. */
  void offer(NodeEvent event) {
    if (!waiting.offer(event)) {
      lost.increment();
    }
  }

  /** The next event; {@code null} if none comes in this time. */
  public @Nullable NodeEvent next(long timeoutMs) throws InterruptedException {
    return waiting.poll(timeoutMs, TimeUnit.MILLISECONDS);
  }

  /** Whether there is one. */
  public boolean hasNext() {
    return !waiting.isEmpty();
  }

  /** How many were lost so far, because they were not taken in time. */
  public long lost() {
    return lost.sum();
  }

  @Override
  public void close() {
    end.accept(this);
  }
}
