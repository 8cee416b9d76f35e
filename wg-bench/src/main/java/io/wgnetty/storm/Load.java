package io.wgnetty.storm;

import java.io.IOException;

/** One kind of load. Its methods are called in their order here, by the main thread. */
interface Load {
  /** Computes what is needed, and makes its clients peers. */
  void prepare(ServerConfiguration configuration) throws IOException;

  /** Begins at a moment that is near. The loop of clients does not run yet. */
  void begin(long startNs) throws IOException;

  boolean isOver(long nowNs);

  /** How far it is, in some words. */
  String progress();

  /** Ends what it began. The loop of clients has ended. */
  void end() throws InterruptedException;

  /**
   * What came out.
   *
   * @return whether all went as it has to, however slowly
   */
  boolean report(Figures figures, Balance balance);
}
