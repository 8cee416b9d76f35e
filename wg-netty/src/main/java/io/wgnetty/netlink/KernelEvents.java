package io.wgnetty.netlink;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * What the kernel tells of its devices: one message each time a device comes, goes or changes.
 *
 * <p>It tells nothing in the network namespaces of a user namespace other than the first.
 */
public final class KernelEvents implements AutoCloseable {
  /** The kernel builds a message in 2 KiB. */
  private static final int BUFFER_BYTES = 8 * 1024;

  private static final int ADDRESS_BYTES = 12;
  private static final int ADDRESS_SENDER = 4;
  private static final int ADDRESS_GROUPS = 8;

  /** The kernel's own group; the second is that of udev. */
  private static final int KERNEL_GROUP = 1;

  private static final int THE_KERNEL = 0;

  private final int fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private final ByteBuffer sender = direct(ADDRESS_BYTES);
  private final ByteBuffer senderLengthBytes = direct(Integer.BYTES);

  private KernelEvents(int fd) {
    this.fd = fd;
  }

  /** Begins to listen in this process's network namespace. */
  public static KernelEvents open() throws NetlinkException {
    int fd = -1;
    try {
      int kind = Libc.SOCK_RAW | Libc.SOCK_CLOEXEC;
      fd = Libc.INSTANCE.socket(Libc.AF_NETLINK, kind, Libc.NETLINK_KOBJECT_UEVENT);
      ByteBuffer address = direct(ADDRESS_BYTES);
      address.putShort(0, (short) Libc.AF_NETLINK).putInt(ADDRESS_GROUPS, KERNEL_GROUP);
      Libc.INSTANCE.bind(fd, address, ADDRESS_BYTES);
      return new KernelEvents(fd);
    } catch (LastErrorException e) {
      if (fd >= 0) {
        Libc.INSTANCE.close(fd);
      }
      throw NetlinkException.failed("the kernel's device events cannot be heard", e);
    }
  }

  private static ByteBuffer direct(int bytes) {
    return ByteBuffer.allocateDirect(bytes).order(ByteOrder.nativeOrder());
  }

  /**
   * Waits for the next message: its words, {@code ACTION@DEVICE} and then {@code KEY=VALUE}.
   *
   * @throws NetlinkException if the socket fails for good
   */
  public List<String> next() throws NetlinkException {
    while (true) {
      try {
        senderLengthBytes.putInt(0, ADDRESS_BYTES);
        long length =
            Libc.INSTANCE.recvfrom(fd, buffer, BUFFER_BYTES, 0, sender, senderLengthBytes);
        // Another process may write to the group too: only the kernel's word counts.
        if (sender.getInt(ADDRESS_SENDER) == THE_KERNEL) {
          return words(buffer.clear().limit((int) length));
        }
      } catch (LastErrorException e) {
        int errno = e.getErrorCode();
        if (errno != Errno.EINTR && errno != Errno.ENOBUFS) { // ENOBUFS: some were lost
          throw NetlinkException.failed("the kernel's device events end", e);
        }
      }
    }
  }

  /** The words of a message, each ended by a zero byte. */
  static List<String> words(ByteBuffer message) {
    String text = StandardCharsets.UTF_8.decode(message.duplicate()).toString();
    return List.of(text.split("\0"));
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(fd);
  }
}
