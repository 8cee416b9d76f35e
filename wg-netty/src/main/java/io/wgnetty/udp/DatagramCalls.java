package io.wgnetty.udp;

/**
 * {@code recvmmsg(2)} and {@code sendmmsg(2)}: the two calls of the hot path. A failure is a
 * negative error number and never an exception.
 */
interface DatagramCalls {
  /** Receives up to {@code count} messages; returns how many, or a negative error number. */
  int receive(int fd, MessageArray messages, int count);

  /**
   * Sends up to {@code count} messages, from message {@code first} on; returns how many, or a
   * negative error number.
   */
  int send(int fd, MessageArray messages, int first, int count);
}
