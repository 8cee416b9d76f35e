package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** A netlink socket that hears of the links of this process's network namespace. */
final class LinkSocket implements AutoCloseable {
  private static final int RTMGRP_LINK = 1;
  private static final int ADDRESS_BYTES = 12;

  /** A link message is 1-2 KiB, with virtual functions tens of KiB; a longer one is cut off. */
  private static final int BUFFER_BYTES = 64 * 1024;

  private final int fd;
  private final ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER_BYTES);
  private int sequence;

  private LinkSocket(int fd) {
    this.fd = fd;
  }

  /** Opens a socket in this process's namespace. */
  static LinkSocket open() {
    int kind = Libc.SOCK_RAW | Libc.SOCK_CLOEXEC;
    int fd = Libc.INSTANCE.socket(Libc.AF_NETLINK, kind, Libc.NETLINK_ROUTE);
    try {
      ByteBuffer address = ByteBuffer.allocateDirect(ADDRESS_BYTES).order(ByteOrder.nativeOrder());
      address.putShort(0, (short) Libc.AF_NETLINK).putInt(8, RTMGRP_LINK);
      Libc.INSTANCE.bind(fd, address, ADDRESS_BYTES);
      return new LinkSocket(fd);
    } catch (LastErrorException e) {
      Libc.INSTANCE.close(fd);
      throw e;
    }
  }

  int fd() {
    return fd;
  }

  /** Asks for the state of a link; {@link #receive()} brings the answer. */
  void request(String name) {
    ByteBuffer request = LinkMessage.request(name, ++sequence);
    Libc.INSTANCE.send(fd, request, request.limit(), 0);
  }

  /**
   * What has arrived; empty if nothing has.
   *
   * @throws LastErrorException with ENOBUFS if messages were lost
   */
  List<LinkMessage> receive() {
    try {
      int length = (int) Libc.INSTANCE.recv(fd, buffer.clear(), BUFFER_BYTES, Libc.MSG_DONTWAIT);
      return LinkMessage.parse(buffer.limit(length));
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.EAGAIN || e.getErrorCode() == Errno.EINTR) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(fd);
  }
}
