package io.wgnetty.control;

import java.util.Map;

/** Something that a management request can ask of a running node ({@code do=WORD}). */
public interface Operation {
  /**
   * Does it. Runs on the thread of operations, one at a time, so it may take its time.
   *
   * @param arguments the request's lines; a key that was repeated has its values with commas
   *     between them
   * @param out takes the answer's lines, and waits while the client does not read
   * @throws OperationFailure if it cannot be done; the message is one line for the person who asked
   */
  void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure;

  /** Whether it changes the node, so that no {@code set} may be in its middle meanwhile. */
  default boolean changesNode() {
    return false;
  }
}
