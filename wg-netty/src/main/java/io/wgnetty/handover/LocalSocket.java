package io.wgnetty.handover;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Memory;
import com.sun.jna.Native;
import com.sun.jna.NativeLong;
import com.sun.jna.Pointer;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A UNIX stream socket with a name that is in no file system, by which open descriptors go from
 * process to process. Blocks, as long as its patience. For one thread at a time.
 */
final class LocalSocket implements AutoCloseable {
  private static final Libc LIBC = Native.load("c", Libc.class);

  private static final int EINTR = 4;
  private static final int EPIPE = 32;
  private static final int ECONNRESET = 104;
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SOCK_CLOEXEC = 0x80000;
  private static final int SOL_SOCKET = 1;
  private static final int SO_PEERCRED = 17;
  private static final int SO_RCVTIMEO = 20;
  private static final int SO_SNDTIMEO = 21;
  private static final int SCM_RIGHTS = 1;
  private static final int MSG_CTRUNC = 0x8;
  private static final int MSG_NOSIGNAL = 0x4000;
  private static final int MSG_CMSG_CLOEXEC = 0x40000000;

  /**
   * {@code struct msghdr} on 64 bits: name, its length, vector, its length, control, its length.
   */
  private static final int MSGHDR_BYTES = 56;

  private static final int IOVEC_OFFSET = 16;
  private static final int CONTROL_OFFSET = 32;
  private static final int FLAGS_OFFSET = 48;
  private static final int IOVEC_BYTES = 16;

  /** {@code struct cmsghdr}: length, level, type. */
  private static final int CMSGHDR_BYTES = 16;

  /** What the kernel lets go with one message. */
  static final int MAX_DESCRIPTORS = 253;

  private static final int MAX_NAME_BYTES = 100;

  private final int fd;
  private boolean closed;

  private LocalSocket(int fd) {
    this.fd = fd;
  }

  /**
   * Who is at the other end, as the kernel says.
   *
   * @param uid the user that it ran as when it connected or listened
   */
  record Credentials(int pid, int uid) {
    /** Whether it is this user's, and this process if one is expected. */
    boolean isOf(int user, long process) {
      return uid == user && (process == ANY_PROCESS || pid == process);
    }
  }

  static final long ANY_PROCESS = -1;

  /** The user that this process acts as. */
  static int ownUser() {
    return LIBC.geteuid();
  }

  /** Listens under a name. */
  static LocalSocket listen(String name) throws IOException {
    LocalSocket socket = open();
    try {
      byte[] address = address(name);
      LIBC.bind(socket.fd, address, address.length);
      LIBC.listen(socket.fd, 1);
      return socket;
    } catch (LastErrorException e) {
      socket.close();
      throw failure("listen", e);
    }
  }

  static LocalSocket connect(String name) throws IOException {
    LocalSocket socket = open();
    try {
      byte[] address = address(name);
      LIBC.connect(socket.fd, address, address.length);
      return socket;
    } catch (LastErrorException e) {
      socket.close();
      throw failure("connect", e);
    }
  }

  private static LocalSocket open() throws IOException {
    try {
      return new LocalSocket(LIBC.socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0));
    } catch (LastErrorException e) {
      throw failure("open", e);
    }
  }

  private static byte[] address(String name) throws IOException {
    byte[] bytes = name.getBytes(UTF_8);
    if (bytes.length == 0 || bytes.length > MAX_NAME_BYTES) {
      throw new IOException("a socket's name has 1 to " + MAX_NAME_BYTES + " bytes");
    }
    return ByteBuffer.allocate(Short.BYTES + 1 + bytes.length)
        .order(ByteOrder.nativeOrder())
        .putShort((short) AF_UNIX)
        .put((byte) 0)
        .put(bytes)
        .array();
  }

  /** The next who connects, if one does within the patience. */
  LocalSocket accept() throws IOException {
    try {
      return new LocalSocket(LIBC.accept4(fd, null, null, SOCK_CLOEXEC));
    } catch (LastErrorException e) {
      throw failure("accept", e);
    }
  }

  Credentials peer() throws IOException {
    var credentials = new Memory(3 * Integer.BYTES);
    var length = new Memory(Integer.BYTES);
    length.setInt(0, 3 * Integer.BYTES);
    try {
      LIBC.getsockopt(fd, SOL_SOCKET, SO_PEERCRED, credentials, length);
      return new Credentials(credentials.getInt(0), credentials.getInt(Integer.BYTES));
    } catch (LastErrorException e) {
      throw failure("ask", e);
    }
  }

  /** How long each call waits at most. */
  void setPatience(Duration patience) throws IOException {
    var time = new Memory(2 * Long.BYTES);
    time.setLong(0, patience.toSeconds());
    time.setLong(Long.BYTES, patience.toNanosPart() / 1000);
    try {
      LIBC.setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, time, 2 * Long.BYTES);
      LIBC.setsockopt(fd, SOL_SOCKET, SO_SNDTIMEO, time, 2 * Long.BYTES);
    } catch (LastErrorException e) {
      throw failure("set up", e);
    }
  }

  /** Sends all bytes of a direct buffer, the descriptors with the first of them. */
  void send(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
    List<Integer> left = descriptors;
    while (bytes.hasRemaining()) {
      try (var message = new Memory(MSGHDR_BYTES + IOVEC_BYTES)) {
        prepare(message, bytes);
        Memory control = left.isEmpty() ? null : rights(left);
        if (control != null) {
          message.setPointer(CONTROL_OFFSET, control);
          message.setLong(CONTROL_OFFSET + Long.BYTES, control.getLong(0));
        }
        long sent = LIBC.sendmsg(fd, message, MSG_NOSIGNAL).longValue();
        bytes.position(bytes.position() + (int) sent);
        left = List.of();
      } catch (LastErrorException e) {
        throwUnlessInterrupted("send", e);
      }
    }
  }

  /** Fills a direct buffer, and adds descriptors that come with the bytes. */
  void receive(ByteBuffer bytes, List<Integer> descriptors) throws IOException {
    while (bytes.hasRemaining()) {
      try (var message = new Memory(MSGHDR_BYTES + IOVEC_BYTES);
          var control = new Memory(CMSGHDR_BYTES + (MAX_DESCRIPTORS + 1) * Integer.BYTES)) {
        control.clear();
        prepare(message, bytes);
        message.setPointer(CONTROL_OFFSET, control);
        message.setLong(CONTROL_OFFSET + Long.BYTES, control.size());
        long received = LIBC.recvmsg(fd, message, MSG_CMSG_CLOEXEC).longValue();
        take(control, message.getLong(CONTROL_OFFSET + Long.BYTES), descriptors);
        if ((message.getInt(FLAGS_OFFSET) & MSG_CTRUNC) != 0) {
          throw new IOException("descriptors were lost on the way");
        }
        if (received == 0) {
          throw new EOFException("the other process is gone");
        }
        bytes.position(bytes.position() + (int) received);
      } catch (LastErrorException e) {
        throwUnlessInterrupted("receive", e);
      }
    }
  }

  private static void prepare(Memory message, ByteBuffer bytes) {
    message.clear();
    Pointer vector = message.share(MSGHDR_BYTES);
    vector.setPointer(0, Native.getDirectBufferPointer(bytes).share(bytes.position()));
    vector.setLong(Long.BYTES, bytes.remaining());
    message.setPointer(IOVEC_OFFSET, vector);
    message.setLong(IOVEC_OFFSET + Long.BYTES, 1);
  }

  private static Memory rights(List<Integer> descriptors) {
    long length = CMSGHDR_BYTES + (long) descriptors.size() * Integer.BYTES;
    var control = new Memory(length + Integer.BYTES); // room for the kernel's alignment
    control.clear();
    control.setLong(0, length);
    control.setInt(Long.BYTES, SOL_SOCKET);
    control.setInt(Long.BYTES + Integer.BYTES, SCM_RIGHTS);
    for (int i = 0; i < descriptors.size(); i++) {
      control.setInt(CMSGHDR_BYTES + (long) i * Integer.BYTES, descriptors.get(i));
    }
    return control;
  }

  private static void take(Memory control, long length, List<Integer> descriptors) {
    if (length < CMSGHDR_BYTES || control.getInt(Long.BYTES + Integer.BYTES) != SCM_RIGHTS) {
      return;
    }
    long end = Math.min(control.getLong(0), control.size());
    for (long at = CMSGHDR_BYTES; at + Integer.BYTES <= end; at += Integer.BYTES) {
      descriptors.add(control.getInt(at));
    }
  }

  /** Closes descriptors that came and are not wanted. */
  static void closeAll(List<Integer> descriptors) {
    descriptors.forEach(LIBC::close);
    descriptors.clear();
  }

  /** A signal, which another thread handles, ends a call that has a patience. */
  private static void throwUnlessInterrupted(String what, LastErrorException e) throws IOException {
    if (e.getErrorCode() != EINTR) {
      throw failure(what, e);
    }
  }

  /** Whether sending failed because the other end is closed. */
  static boolean isClosed(IOException failure) {
    return failure.getCause() instanceof LastErrorException e
        && (e.getErrorCode() == EPIPE || e.getErrorCode() == ECONNRESET);
  }

  private static IOException failure(String what, LastErrorException e) {
    return new IOException("cannot " + what + " between the processes: " + e.getMessage(), e);
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      LIBC.close(fd);
    }
  }

  /** The system calls, as libc has them. */
  interface Libc extends Library {
    int socket(int family, int type, int protocol) throws LastErrorException;

    int bind(int fd, byte[] address, int length) throws LastErrorException;

    int listen(int fd, int backlog) throws LastErrorException;

    int connect(int fd, byte[] address, int length) throws LastErrorException;

    int accept4(int fd, @Nullable Pointer address, @Nullable Pointer length, int flags)
        throws LastErrorException;

    int getsockopt(int fd, int level, int name, Pointer value, Pointer length)
        throws LastErrorException;

    int setsockopt(int fd, int level, int name, Pointer value, int length)
        throws LastErrorException;

    NativeLong sendmsg(int fd, Pointer message, int flags) throws LastErrorException;

    NativeLong recvmsg(int fd, Pointer message, int flags) throws LastErrorException;

    int geteuid();

    int close(int fd);
  }
}
