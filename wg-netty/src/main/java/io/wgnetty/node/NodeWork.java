package io.wgnetty.node;

import io.wgnetty.handover.Estate;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a process with interfaces is there for, from the moment at which they work. */
public interface NodeWork extends AutoCloseable {
  /**
   * Waits for the end; returns why it came.
   *
   * @throws CommandFailure if it came by a failure
   */
  String awaitEnd() throws CommandFailure;

  /** Whether everything still answers. */
  boolean isAlive();

  /** How it is configured again from where its configuration came; {@code null} if it cannot be. */
  default @Nullable Runnable reload() {
    return null;
  }

  /**
   * What another process would take over.
   *
   * @throws CommandFailure if it could not, or not as it is
   */
  default List<Estate> estates() throws CommandFailure {
    throw new CommandFailure("this interface stays in its process");
  }

  /** What was taken over from another process is here now. */
  default void begun() {}

  /** Ends it. Whoever comes second waits until that is done. */
  @Override
  void close();

  /** How the work begins. */
  @FunctionalInterface
  interface Beginning {
    /**
     * Begins; nothing is left of it if that fails.
     *
     * @param early hears of the work as soon as it can be ended, which may be long before it works
     * @param output takes what commands print meanwhile, line by line
     * @throws CommandFailure if that is not possible; the message says why
     */
    NodeWork begin(Consumer<NodeWork> early, Consumer<String> output) throws CommandFailure;
  }
}
