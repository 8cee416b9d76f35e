package io.wgnetty.pipeline;

import io.netty.buffer.ByteBufAllocator;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The sealing and opening of a loop, which others may help it with: its cipher, what it has
 * offered, and the help that there is. {@link #sealFor} and {@link #openFor} are for other threads,
 * all else for the owner's.
 *
 * <p>Counters are taken before a task is offered, and results are taken up in the order of tasks:
 * so helping changes nothing of what is sent or delivered, nor of its order.
 */
public final class SharedWork implements AutoCloseable {
  private final LoopCipher cipher;
  private final LoopHelp help;
  private final TaskRing<SealTask> sealing;
  private final TaskRing<OpenTask> opening;

  /**
   * What one loop has to do.
   *
   * @param allocator gives memory for what is sealed with others' help
   */
  public SharedWork(LoopCipher cipher, LoopHelp help, ByteBufAllocator allocator) {
    this.cipher = cipher;
    this.help = help;
    this.sealing =
        new TaskRing<>(() -> new SealTask(() -> new DatagramBatch(allocator, SealTask.SLAB_BYTES)));
    this.opening = new TaskRing<>(OpenTask::new);
  }

  /** Of a loop that never has help. */
  public static SharedWork alone(LoopCipher cipher, ByteBufAllocator allocator) {
    return new SharedWork(cipher, LoopHelp.NONE, allocator);
  }

  LoopCipher cipher() {
    return cipher;
  }

  TaskRing<SealTask> sealing() {
    return sealing;
  }

  TaskRing<OpenTask> opening() {
    return opening;
  }

  /**
   * Whether the packets of a batch are to be offered to others: when there is help to be had, and
   * always behind tasks that are offered already.
   */
  boolean isShared(TaskRing<?> ring, TunnelBatch batch) {
    return !ring.isEmpty() || (batch.size() > 1 && help.isWanted());
  }

  /** Offers the task that was prepared. */
  void offer(TaskRing<?> ring) {
    ring.offer();
    if (ring.unclaimed() > 1) { // one is the owner's own
      help.call();
    }
  }

  /** Takes up what is done at the front by now. */
  <T extends SharedTask> void takeUpDone(TaskRing<T> ring, Consumer<T> results) {
    while (ring.isFirstDone()) {
      ring.takeUp(cipher, results);
    }
  }

  /** Sees to it that one more task can be offered. */
  <T extends SharedTask> void makeRoom(TaskRing<T> ring, Consumer<T> results) {
    if (ring.isFull()) {
      ring.takeUp(cipher, results);
    }
  }

  /** Does, or waits for, all that is offered, and takes it up. */
  <T extends SharedTask> void finish(TaskRing<T> ring, Consumer<T> results) {
    while (!ring.isEmpty()) {
      ring.takeUp(cipher, results);
    }
  }

  /** Whether nothing is offered that was not taken up. */
  public boolean isIdle() {
    return sealing.isEmpty() && opening.isEmpty();
  }

  /** Another thread: seals a task's packets; returns whether there was one. */
  public boolean sealFor(LoopCipher helper) {
    return perform(sealing.claim(), helper);
  }

  /** Another thread: opens a task's messages; returns whether there was one. */
  public boolean openFor(LoopCipher helper) {
    return perform(opening.claim(), helper);
  }

  private static boolean perform(@Nullable SharedTask task, LoopCipher helper) {
    if (task == null) {
      return false;
    }
    task.perform(helper);
    return true;
  }

  /** Waits until nobody works for this loop any more; what is not taken up by then is lost. */
  @Override
  public void close() {
    finish(sealing, task -> {});
    finish(
        opening,
        task -> {
          if (isLastOfItsBatch(task)) {
            task.batch().release();
          }
        });
    sealing.forEach(SealTask::free);
  }

  /**
   * Of the oldest task for opening: whether its batch can go on when it is done. A batch of which
   * tasks are still to be offered must have more than this one in the ring.
   */
  boolean isLastOfItsBatch(OpenTask first) {
    OpenTask next = opening.second();
    return next == null || next.batch() != first.batch();
  }
}
