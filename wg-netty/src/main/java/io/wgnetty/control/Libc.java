package io.wgnetty.control;

import com.sun.jna.Library;
import com.sun.jna.Native;

/** The system calls of the control socket that neither the JDK nor Netty has. */
interface Libc extends Library {
  Libc INSTANCE = Native.load("c", Libc.class);

  int F_GETFL = 3;
  int F_SETFL = 4;
  int O_NONBLOCK = 0x800;
  int SOL_SOCKET = 1;
  int SO_ACCEPTCONN = 30;
  int SO_DOMAIN = 39;
  int AF_UNIX = 1;

  /** Sets the file mode creation mask of the whole process; returns the one before. */
  int umask(int mask);

  int fcntl(int fd, int command, Object... arguments);
}
