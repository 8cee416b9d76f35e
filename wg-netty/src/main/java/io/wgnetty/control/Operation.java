package io.wgnetty.control;

import java.util.Map;

/** Something that a management request can ask of a running node ({@code do=WORD}). */
public interface Operation {
  /** How long an operation takes, which decides what it waits for and what waits for it. */
  enum Pace {
    /** Reads, or changes a little: one after the other, and never behind one that lasts. */
    QUICK,
    /** Takes its time, because it runs commands or looks names up: one after the other. */
    LASTING,
    /** Goes on until the client leaves: each on a thread of its own, a bounded number. */
    ENDLESS
  }

  /**
   * Does it, on a thread of its {@link #pace}.
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

  /** How long it takes. While one that is not quick is at work, its client hears that it is. */
  default Pace pace() {
    return Pace.QUICK;
  }

  /** The same operation at this pace. */
  default Operation at(Pace pace) {
    Operation same = this;
    return new Operation() {
      @Override
      public void run(Map<String, String> arguments, AnswerWriter out) throws OperationFailure {
        same.run(arguments, out);
      }

      @Override
      public boolean changesNode() {
        return same.changesNode();
      }

      @Override
      public Pace pace() {
        return pace;
      }
    };
  }
}
