package io.wgnetty.control;

/** Why an operation was not done; the message is one line for the person who asked for it. */
public final class OperationFailure extends Exception {
  private static final long serialVersionUID = 1L;

  private final int errno;

  /** The request asks for what cannot be (EINVAL). */
  public OperationFailure(String message) {
    this(message, Errno.EINVAL.inGetAnswer());
  }

  /**
   * Another failure.
   *
   * @param errno by Linux's {@code errno.h}, positive
   */
  public OperationFailure(String message, int errno) {
    super(message);
    if (errno <= 0) {
      throw new IllegalArgumentException("a failure without a number");
    }
    this.errno = errno;
  }

  int errno() {
    return errno;
  }
}
