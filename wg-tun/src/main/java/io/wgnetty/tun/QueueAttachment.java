package io.wgnetty.tun;

import com.sun.jna.LastErrorException;

/** Whether the kernel brings packets to a queue of an interface that has several. */
final class QueueAttachment {
  private static final long TUNGETIFF = 0x800454d2L;
  private static final long TUNSETQUEUE = 0x400454d9L;
  private static final int IFF_ATTACH_QUEUE = 0x0200;
  private static final int IFF_DETACH_QUEUE = 0x0400;

  private QueueAttachment() {}

  /** Attaches or detaches a queue, unless it is so already: the driver refuses that. */
  static void set(int fd, String name, boolean attached) throws TunException {
    try {
      if (is(fd) != attached) {
        int change = attached ? IFF_ATTACH_QUEUE : IFF_DETACH_QUEUE;
        Libc.INSTANCE.ioctl(fd, TUNSETQUEUE, new InterfaceRequest().withFlags(change).memory());
      }
    } catch (LastErrorException e) {
      throw new TunException(
          "a queue of interface "
              + name
              + " cannot be "
              + (attached ? "attached (" : "detached (")
              + Errno.describe(e)
              + ")",
          e);
    }
  }

  /** Whether a queue is attached. */
  static boolean is(int fd) {
    var request = new InterfaceRequest();
    Libc.INSTANCE.ioctl(fd, TUNGETIFF, request.memory());
    return (request.flags() & IFF_DETACH_QUEUE) == 0;
  }
}
