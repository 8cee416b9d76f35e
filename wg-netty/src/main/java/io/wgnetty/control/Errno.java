package io.wgnetty.control;

/**
 * What a UAPI answer can say, by the numbers of Linux's {@code errno.h}.
 *
 * <p>The sign depends on the request (protocol 7.1): {@code wg} takes the number of a failed set as
 * negative and prints its message, but reads nothing but digits at the end of a get.
 */
enum Errno {
  NONE(0),
  /** The device failed in a way that no value of the request explains. */
  EIO(5),
  /** The port needs a capability that this process does not have (any more). */
  EACCES(13),
  /** Too much waits already. */
  EBUSY(16),
  /** A bad value, or a key that is unknown or out of its place. */
  EINVAL(22),
  /** Nobody reads the answer. */
  EPIPE(32),
  /** A line that is not {@code key=value}. */
  EPROTO(71),
  /** The sockets refused the port or the mark. */
  EADDRINUSE(98);

  private final int number;

  Errno(int number) {
    this.number = number;
  }

  /** The number that ends the answer to a set. */
  int inSetAnswer() {
    return -number;
  }

  /** The number that ends the answer to a get. */
  int inGetAnswer() {
    return number;
  }
}
