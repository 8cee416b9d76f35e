package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.io.IOException;

/** A TUN interface could not be had: one line that says what is wrong and what to do. */
public final class TunException extends IOException {
  private static final long serialVersionUID = 1L;

  public TunException(String message) {
    super(message);
  }

  TunException(String message, Throwable cause) {
    super(message, cause);
  }

  /** Why {@code /dev/net/tun} could not be opened. */
  static TunException opening(LastErrorException e) {
    return new TunException(
        switch (e.getErrorCode()) {
          case Errno.ENOENT, Errno.ENODEV, Errno.ENXIO ->
              "/dev/net/tun is not there: load the driver (modprobe tun) or, in a container, start it"
                  + " with --device /dev/net/tun";
          case Errno.EPERM, Errno.EACCES ->
              "/dev/net/tun may not be opened: run as root or, in a container, start it with --device"
                  + " /dev/net/tun";
          default -> "/dev/net/tun cannot be opened (" + Errno.describe(e) + ")";
        },
        e);
  }

  /** Why an interface could not be created. */
  static TunException creating(String name, LastErrorException e) {
    return new TunException(
        switch (e.getErrorCode()) {
          case Errno.EBUSY ->
              "interface "
                  + name
                  + " exists already: remove it (ip link del "
                  + name
                  + ") or choose another name";
          case Errno.EPERM -> needsNetAdmin("interface " + name + " cannot be created");
          default -> "interface " + name + " cannot be created (" + Errno.describe(e) + ")";
        },
        e);
  }

  /** Why another queue could not be opened. */
  static TunException addingQueue(String name, LastErrorException e) {
    return new TunException(
        e.getErrorCode() == Errno.EPERM
            ? needsNetAdmin("interface " + name + " gives no further queue")
            : "interface "
                + name
                + " gives no further queue ("
                + Errno.describe(e)
                + "): it must be multi-queue, and takes up to 256",
        e);
  }

  /** Why an inherited descriptor is of no use. */
  static TunException adopting(int fd, LastErrorException e) {
    return new TunException(
        switch (e.getErrorCode()) {
          case Errno.EBADF -> "descriptor " + fd + " is not open: pass one that is inherited";
          case Errno.EBADFD ->
              "descriptor " + fd + " belongs to no interface: attach it with TUNSETIFF first";
          case Errno.ENOTTY, Errno.EINVAL ->
              "descriptor " + fd + " is not a TUN interface: pass one opened on /dev/net/tun";
          default -> "descriptor " + fd + " cannot be used (" + Errno.describe(e) + ")";
        },
        e);
  }

  /** The interface vanished while it was in use. */
  static TunException gone(String name) {
    return new TunException("interface " + name + " is gone: it was deleted or closed");
  }

  static String needsNetAdmin(String what) {
    return what + ": needs CAP_NET_ADMIN (run as root or, in a container, --cap-add NET_ADMIN)";
  }
}
