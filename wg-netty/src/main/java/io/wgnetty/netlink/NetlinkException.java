package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** The kernel refused a request, or could not be asked. */
public final class NetlinkException extends IOException {
  private static final long serialVersionUID = 1L;

  private final int errno;

  private NetlinkException(String message, int errno, Throwable cause) {
    super(message, cause);
    this.errno = errno;
  }

  /**
   * A refusal.
   *
   * @param words the kernel's own words about it, empty if it has none
   */
  public static NetlinkException refused(int errno, String words) {
    String described = describe(errno);
    return new NetlinkException(
        words.isEmpty() ? described : words + " (" + described + ")", errno);
  }

  /** A request that did not get through, or whose answer makes no sense. */
  static NetlinkException failed(String what) {
    return new NetlinkException(what, 0);
  }

  static NetlinkException failed(String what, LastErrorException cause) {
    int errno = cause.getErrorCode();
    return new NetlinkException(what + ": " + describe(errno), errno, cause);
  }

  /** The same with what it was about in front of its words. */
  NetlinkException about(String subject) {
    return subject.isEmpty() ? this : new NetlinkException(subject + ": " + getMessage(), errno);
  }

  private NetlinkException(String message, int errno) {
    super(message);
    this.errno = errno;
  }

  private static String describe(int errno) {
    String text = Libc.INSTANCE.strerror(errno) + ", errno " + errno;
    return errno == Errno.EPERM
        ? text + ": needs CAP_NET_ADMIN (run as root or, in a container, --cap-add NET_ADMIN)"
        : text;
  }

  /** The positive error number, see {@link Errno}; 0 if there was none. */
  public int errno() {
    return errno;
  }
}
