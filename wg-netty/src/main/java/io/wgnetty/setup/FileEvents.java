package io.wgnetty.setup;

/** Says when it is time to look at a file again. */
interface FileEvents extends AutoCloseable {
  /**
   * Waits until something has happened where the file is, or for so long.
   *
   * @return whether something has happened
   * @throws InterruptedException also when it was closed
   */
  boolean await(long timeoutMs) throws InterruptedException;

  /** Lets so much time pass, whatever happens. */
  void rest(long ms) throws InterruptedException;

  @Override
  void close();
}
