package io.wgnetty.state;

/** What was read is not what this program writes. The message says what is wrong, and no secret. */
public final class MalformedStateException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public MalformedStateException(String message) {
    super(message);
  }
}
