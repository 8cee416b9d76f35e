package io.wgnetty.device;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * The memory that packets waiting for sessions may take in this process: an eighth of the heap,
 * divided among the event loops of all interfaces.
 *
 * <p>Each loop has an equal share and drops its own oldest packets when that is full. One pot for
 * all would let a flood to silent peers of one loop take the place of another loop's packets, which
 * that loop could make again only by waiting for the first. A loop whose share has become smaller,
 * since another came, gives way at its next packet.
 */
final class StagedBudget {
  /** So that the other seven eighths hold what a node needs to live, whatever its peers do. */
  private static final int HEAP_FRACTION = 8;

  /** Above it even a large heap would only hold what nobody waits for any more. */
  static final long MAX_BYTES = 512L << 20;

  /** Enough for the first packets of a few hundred peers. */
  static final long MIN_BYTES = 1L << 20;

  private static final StagedBudget OF_PROCESS = new StagedBudget(Runtime.getRuntime().maxMemory());

  private final long totalBytes;
  private final AtomicInteger loops = new AtomicInteger();

  /** The budget of a process with such a heap. */
  StagedBudget(long maxHeapBytes) {
    this.totalBytes = Math.clamp(maxHeapBytes / HEAP_FRACTION, MIN_BYTES, MAX_BYTES);
  }

  static StagedBudget ofProcess() {
    return OF_PROCESS;
  }

  /** One loop more takes part. */
  void join() {
    loops.incrementAndGet();
  }

  /** A loop takes part no longer. */
  void leave() {
    loops.decrementAndGet();
  }

  /** What one loop's packets may take now. */
  long shareBytes() {
    return totalBytes / Math.max(1, loops.get());
  }
}
