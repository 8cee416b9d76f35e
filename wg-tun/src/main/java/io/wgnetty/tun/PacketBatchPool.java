package io.wgnetty.tun;

import java.util.ArrayDeque;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The batches of one event loop. Steady state allocates nothing: a batch that is released is the
 * next one taken.
 *
 * <p>Whoever takes first owns the pool; nobody else may take. A batch that travelled to another
 * loop may be released there: it comes back here without a lock.
 */
public final class PacketBatchPool<B extends PacketBatch> implements AutoCloseable {
  /** Batches kept for later; a loop has two or three in its hands at a time. */
  private static final int MAX_KEPT = 16;

  private final Function<PacketBatchPool<B>, B> factory;
  private final ArrayDeque<B> free = new ArrayDeque<>();
  private final ConcurrentLinkedQueue<B> returned = new ConcurrentLinkedQueue<>();
  private @Nullable Thread owner;
  private volatile boolean closed;

  /** A pool whose batches {@code factory} makes; the factory hands the pool to the batch. */
  public PacketBatchPool(Function<PacketBatchPool<B>, B> factory) {
    this.factory = factory;
  }

  /** An empty batch. */
  public B take() {
    if (owner == null) {
      owner = Thread.currentThread();
    }
    B batch = free.pollLast();
    if (batch == null) {
      batch = returned.poll();
    }
    if (batch == null) {
      return factory.apply(this);
    }
    batch.reuse();
    return batch;
  }

  @SuppressWarnings("unchecked") // a batch is given back to the pool that made it
  void giveBack(PacketBatch batch) {
    if (Thread.currentThread() != owner) {
      returned.add((B) batch);
      if (closed) {
        freeReturned();
      }
    } else if (closed || free.size() >= MAX_KEPT) {
      batch.free();
    } else {
      free.addLast((B) batch);
    }
  }

  /** Frees the memory; batches still travelling are freed when they come back. */
  @Override
  public void close() {
    closed = true;
    free.forEach(PacketBatch::free);
    free.clear();
    freeReturned();
  }

  private void freeReturned() {
    for (B batch = returned.poll(); batch != null; batch = returned.poll()) {
      batch.free();
    }
  }
}
