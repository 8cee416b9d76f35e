package io.wgnetty.pipeline;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

/**
 * A piece of work that any loop's thread may do for its owner, who prepares it and takes up the
 * result. Used over and over.
 *
 * <p>What the owner has written before it offers the task is seen by whoever claims it; what that
 * one has written, by the owner once the task is done. Nobody else touches what the task names
 * meanwhile.
 */
abstract class SharedTask {
  private static final int VACANT = 0;
  private static final int OFFERED = 1;
  private static final int CLAIMED = 2;
  private static final int DONE = 3;

  private static final VarHandle STATE;

  static {
    try {
      STATE = MethodHandles.lookup().findVarHandle(SharedTask.class, "state", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  @SuppressWarnings("unused") // by its handle
  private int state = VACANT;

  private @Nullable Throwable failure;

  /** Does the work with the tools of the thread. */
  abstract void work(LoopCipher cipher);

  /** Owner, of a task whose result is taken up: lets go of what it was about. */
  abstract void finish();

  /** Owner: whoever claims it may do it from now on. */
  final void offer() {
    failure = null;
    STATE.setRelease(this, OFFERED);
  }

  /** Whether somebody may claim it, as far as one can see without looking closely. */
  final boolean isOffered() {
    return (int) STATE.getOpaque(this) == OFFERED;
  }

  /** Any thread: tries to get it; who gets it must {@link #perform} it, and does so alone. */
  final boolean claim() {
    return isOffered() && STATE.compareAndSet(this, OFFERED, CLAIMED);
  }

  /** Who has claimed it: does it. It is done afterwards also if it failed. */
  final void perform(LoopCipher cipher) {
    try {
      work(cipher);
    } catch (Throwable e) { // whatever it is, the owner waits for this task
      failure = e;
    } finally {
      STATE.setRelease(this, DONE);
    }
  }

  /** Owner: whether it is done, and its results are there to be seen. */
  final boolean isDone() {
    return (int) STATE.getAcquire(this) == DONE;
  }

  /** Owner, of a task that is done: why it failed; {@code null} if it did not. */
  final @Nullable Throwable failure() {
    return failure;
  }

  /** Owner: the result is taken up, and the task may be prepared anew. */
  final void vacate() {
    STATE.setRelease(this, VACANT);
  }
}
