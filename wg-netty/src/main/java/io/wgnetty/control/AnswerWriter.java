package io.wgnetty.control;

/** Where an operation writes its answer. */
public interface AnswerWriter {
  /**
   * Writes {@code key=value}; waits while the client has not read what came before.
   *
   * @param value line ends in it become spaces
   * @throws OperationFailure if the client is gone
   */
  void line(String key, String value) throws OperationFailure;

  /** A number. */
  default void line(String key, long value) throws OperationFailure {
    line(key, Long.toString(value));
  }

  /**
   * Sends what was written, for an answer that goes on later.
   *
   * @throws OperationFailure if the client is gone
   */
  default void flush() throws OperationFailure {}
}
