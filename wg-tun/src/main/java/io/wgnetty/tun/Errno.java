package io.wgnetty.tun;

import com.sun.jna.LastErrorException;

/** Error numbers of Linux, as far as this package tells them apart. */
final class Errno {
  static final int EPERM = 1;
  static final int ENOENT = 2;
  static final int EINTR = 4;
  static final int ENXIO = 6;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int EACCES = 13;
  static final int EBUSY = 16;
  static final int EEXIST = 17;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTTY = 25;

  /** A TUN descriptor whose interface has been deleted answers every call with this. */
  static final int EBADFD = 77;

  static final int ENOBUFS = 105;

  private Errno() {}

  /** The system's own words for an error, for the part of a message that we cannot explain. */
  static String describe(LastErrorException e) {
    return Libc.INSTANCE.strerror(e.getErrorCode()) + ", errno " + e.getErrorCode();
  }
}
