package io.wgnetty.setup;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.Consumer;

/** What takes back the steps that were made, the latest first. */
final class UndoStack {
  /** Takes back one step, also one that was made in part. */
  @FunctionalInterface
  interface Undo {
    void run() throws SetupException, InterruptedException;
  }

  private final Deque<Undo> undos = new ArrayDeque<>();

  /** To be called before the step itself. */
  void push(Undo undo) {
    undos.push(undo);
  }

  /** Takes back everything; what fails does not keep the others from it. */
  void unwind(Consumer<Exception> failures) {
    while (!undos.isEmpty()) {
      try {
        undos.pop().run();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.accept(e);
      } catch (SetupException | RuntimeException e) {
        failures.accept(e);
      }
    }
  }
}
