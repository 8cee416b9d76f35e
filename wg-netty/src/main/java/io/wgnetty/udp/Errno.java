package io.wgnetty.udp;

/** Error numbers of Linux, as far as this package tells them apart. */
final class Errno {
  static final int EINTR = 4;
  static final int EIO = 5;
  static final int EBADF = 9;
  static final int EAGAIN = 11;
  static final int ENOMEM = 12;
  static final int ENODEV = 19;
  static final int EINVAL = 22;
  static final int ENOTSOCK = 88;
  static final int EMSGSIZE = 90;
  static final int EADDRINUSE = 98;
  static final int EADDRNOTAVAIL = 99;
  static final int ENETUNREACH = 101;
  static final int ENOBUFS = 105;

  private Errno() {}
}
