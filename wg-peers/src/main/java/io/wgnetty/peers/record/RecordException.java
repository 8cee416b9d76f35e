package io.wgnetty.peers.record;

/** A record that cannot be used; the message says which field, and why. Holds no secret. */
public final class RecordException extends Exception {
  private static final long serialVersionUID = 1L;

  public RecordException(String message) {
    super(message);
  }
}
