package io.wgnetty.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The tasks that a loop has offered, in their order. They may be done in any order and by anybody;
 * the owner takes the results up from the front. Only {@link #claim} is for other threads.
 */
final class TaskRing<T extends SharedTask> {
  /** Four reads of the interface, each of four super-packets: what one turn of a loop brings. */
  static final int CAPACITY = 16; // a power of two

  private static final int MASK = CAPACITY - 1;

  /** After so many looks at a task that another thread does, that one may need our processor. */
  private static final int SPINS = 2000;

  private static final long PAUSE_NS = 20_000;

  private static final VarHandle FRONT;
  private static final VarHandle END;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      FRONT = lookup.findVarHandle(TaskRing.class, "front", int.class);
      END = lookup.findVarHandle(TaskRing.class, "end", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final SharedTask[] tasks;

  /** Counts tasks taken up; written by the owner. */
  private int front;

  /** Counts tasks offered; written by the owner. */
  private int end;

  private boolean takingUp;

  TaskRing(Supplier<T> tasks) {
    this.tasks = Stream.generate(tasks).limit(CAPACITY).toArray(SharedTask[]::new);
  }

  @SuppressWarnings("unchecked") // filled with nothing else
  private T task(int number) {
    return (T) tasks[number & MASK];
  }

  boolean isEmpty() {
    return front == end;
  }

  boolean isFull() {
    return end - front == CAPACITY;
  }

  /** The task to prepare next, if the ring is not full. */
  T vacant() {
    return task(end);
  }

  /** Offers the {@link #vacant()} task. */
  void offer() {
    vacant().offer();
    END.setOpaque(this, end + 1);
  }

  /** Every task, offered or not. */
  void forEach(Consumer<T> action) {
    for (int i = 0; i < CAPACITY; i++) {
      action.accept(task(i));
    }
  }

  /** How many tasks nobody has begun with. */
  int unclaimed() {
    int count = 0;
    for (int i = front; i != end; i++) {
      count += task(i).isOffered() ? 1 : 0;
    }
    return count;
  }

  /** Whether there is a task whose results can be taken up without waiting. */
  boolean isFirstDone() {
    return front != end && task(front).isDone();
  }

  /** The task behind the oldest one, if there is any. */
  @Nullable T second() {
    return end - front < 2 ? null : task(front + 1);
  }

  /**
   * Takes the oldest task up when it is done: does it or, while somebody else is at it, those
   * behind it. The ring must not be empty.
   *
   * @param results is given the task that is done; it finishes afterwards
   */
  void takeUp(LoopCipher cipher, Consumer<T> results) {
    if (takingUp) {
      throw new IllegalStateException("a task is being taken up, and would be a second time");
    }
    T first = task(front);
    complete(first, cipher);
    takingUp = true;
    try {
      results.accept(first);
    } finally {
      takingUp = false;
      first.finish();
      first.vacate();
      FRONT.setOpaque(this, front + 1);
    }
  }

  private void complete(T first, LoopCipher cipher) {
    if (first.claim()) {
      first.perform(cipher);
    }
    for (int spins = 0; !first.isDone(); spins++) {
      T other = claim();
      if (other != null) {
        other.perform(cipher);
      } else if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NS);
      }
    }
  }

  /** Any thread: the oldest task that nobody has begun with, which is the caller's to perform. */
  @Nullable T claim() {
    int to = (int) END.getOpaque(this);
    // Both may be old by now. That is harmless: what is claimed is a task that is offered.
    for (int i = (int) FRONT.getOpaque(this); i - to < 0; i++) {
      T task = task(i);
      if (task.claim()) {
        return task;
      }
    }
    return null;
  }
}
