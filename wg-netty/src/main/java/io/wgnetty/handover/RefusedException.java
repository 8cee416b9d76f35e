package io.wgnetty.handover;

/** A hand-over came to nothing; the message says why, in one line. */
public final class RefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  public RefusedException(String message) {
    super(message);
  }
}
