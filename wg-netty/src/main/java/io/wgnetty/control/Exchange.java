package io.wgnetty.control;

/** One request of a client, from behind its first line to its answer. Control thread only. */
interface Exchange {
  /** Whether it takes lines now; while it does not, what the client sends waits. */
  boolean wantsLine();

  /** Whether it leaves the device as it is. */
  default boolean onlyReads() {
    return false;
  }

  /** Takes the next line; the empty one ends the request. */
  void line(UapiLine line);

  /** The client's turn at the device came, which this exchange has asked for. */
  void turnCame();

  /**
   * The request cannot be read any further: answers, unless it has answered, and goes no further.
   */
  void abort(Errno errno);

  /** The connection is gone: lets go of everything. */
  void discard();
}
