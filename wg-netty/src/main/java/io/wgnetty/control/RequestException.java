package io.wgnetty.control;

/**
 * Why a request fails. The message is for the log: it names the key and what was expected, and
 * never holds key material.
 */
final class RequestException extends Exception {
  private static final long serialVersionUID = 1L;

  private final Errno errno;

  RequestException(Errno errno, String message) {
    // Whoever connects can send any number of bad requests: no stack trace for each.
    super(message, null, false, false);
    this.errno = errno;
  }

  static RequestException invalid(String message) {
    return new RequestException(Errno.EINVAL, message);
  }

  Errno errno() {
    return errno;
  }
}
