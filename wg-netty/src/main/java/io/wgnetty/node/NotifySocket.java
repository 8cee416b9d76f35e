package io.wgnetty.node;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * A UNIX datagram socket to the service manager or the system's log. The JDK knows UNIX sockets
 * only as streams.
 *
 * <p>Whatever is sent is one datagram; the receiver sees which process it came from.
 */
final class NotifySocket implements AutoCloseable {
  private static final Libc LIBC = Native.load("c", Libc.class);
  private static final int AF_UNIX = 1;
  private static final int SOCK_DGRAM = 2;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_DONTWAIT = 0x40;
  private static final int FAMILY_BYTES = 2;

  /** The path in a {@code sockaddr_un}; a name in the file system ends with a zero byte. */
  private static final int PATH_BYTES = 108;

  private final int fd;
  private final byte[] address;

  private NotifySocket(int fd, byte[] address) {
    this.fd = fd;
    this.address = address;
  }

  /**
   * Sends to a path in the file system, or to an abstract name if it begins with {@code @}.
   *
   * @throws IOException if that is no name of a UNIX socket
   */
  static NotifySocket to(String name) throws IOException {
    byte[] address = address(name);
    try {
      return new NotifySocket(LIBC.socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0), address);
    } catch (LastErrorException e) {
      throw new IOException("cannot open a UNIX socket: " + e.getMessage(), e);
    }
  }

  private static byte[] address(String name) throws IOException {
    byte[] path = name.getBytes(UTF_8);
    boolean isAbstract = name.startsWith("@");
    if (!isAbstract && !name.startsWith("/")) {
      throw new IOException("neither a path nor an abstract name of a UNIX socket: " + name);
    }
    if (path.length < 2 || path.length >= PATH_BYTES) {
      throw new IOException("a UNIX socket's name has 2 to " + (PATH_BYTES - 1) + " bytes");
    }
    if (isAbstract) {
      path[0] = 0;
    }
    // Every byte of an abstract name counts, so a zero behind it would make it another one.
    int length = FAMILY_BYTES + path.length + (isAbstract ? 0 : 1);
    return ByteBuffer.allocate(length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put(path)
        .array();
  }

  /**
   * Sends one message, and waits while the receiver's queue is full.
   *
   * @throws IOException if nobody receives there
   */
  void send(String message) throws IOException {
    byte[] bytes = message.getBytes(UTF_8);
    try {
      LIBC.sendto(fd, bytes, new NativeLong(bytes.length), MSG_NOSIGNAL, address, address.length);
    } catch (LastErrorException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** Sends one message if that takes no waiting; false if it was not sent. */
  boolean offer(byte[] bytes) {
    try {
      LIBC.sendto(
          fd,
          bytes,
          new NativeLong(bytes.length),
          MSG_NOSIGNAL | MSG_DONTWAIT,
          address,
          address.length);
      return true;
    } catch (LastErrorException e) {
      return false;
    }
  }

  @Override
  public void close() {
    LIBC.close(fd);
  }

  /** The system calls, as libc has them. */
  interface Libc extends Library {
    int socket(int family, int type, int protocol) throws LastErrorException;

    NativeLong sendto(
        int fd, byte[] bytes, NativeLong length, int flags, byte[] address, int addressLength)
        throws LastErrorException;

    int close(int fd);
  }
}
