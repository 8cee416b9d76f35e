package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.channel.epoll.Epoll;
import io.netty.channel.unix.DomainSocketAddress;
import io.netty.channel.unix.Socket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.SocketChannel;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import org.jspecify.annotations.Nullable;

/**
 * The socket file by which programs find an interface, and the listening socket behind it (protocol
 * 7.1).
 */
final class SocketFile {
  /** The kernel's address has 108 bytes, the last of them zero. */
  private static final int MAX_PATH_BYTES = 107;

  /** Connections that the kernel holds for us while the control thread is busy. */
  private static final int BACKLOG = 128;

  /** Group and others have nothing to do with it: whoever connects can read the private key. */
  private static final int OWNER_ONLY = 0077;

  private final Path path;
  private final int fd;
  private final @Nullable Object fileKey;

  private SocketFile(Path path, int fd, @Nullable Object fileKey) {
    this.path = path;
    this.fd = fd;
    this.fileKey = fileKey;
  }

  /**
   * Creates the directory and the socket and listens.
   *
   * @throws IOException if that is not possible; the message says why and what to do
   */
  static SocketFile bind(Path directory, String name) throws IOException {
    Path path = directory.resolve(name + ".sock");
    if (path.toString().getBytes(UTF_8).length > MAX_PATH_BYTES) {
      throw new IOException("the socket path " + path + " is too long for a UNIX socket");
    }
    requireEpoll();
    createDirectory(directory);
    removeIfStale(path);
    // Under its own name only once it listens: between the two steps a connection would be refused,
    // and whoever tried would take the file for a dead program's and remove it.
    Path hidden = directory.resolve("." + name + "." + ProcessHandle.current().pid());
    Socket socket = Socket.newSocketDomain();
    try {
      Files.deleteIfExists(hidden);
      bindOwnerOnly(socket, hidden);
      socket.listen(BACKLOG);
      var file = new SocketFile(path, socket.intValue(), fileKey(hidden));
      Files.createLink(path, hidden); // unlike a rename, never over another's file
      return file;
    } catch (IOException e) {
      socket.close();
      String why = e instanceof FileSystemException ? reason(e) : e.getMessage();
      throw new IOException("cannot listen on " + path + ": " + why, e);
    } finally {
      Files.deleteIfExists(hidden);
    }
  }

  /**
   * Takes over a listening socket that this process was started with; the file is the one that
   * belongs to {@code name}, if there is one.
   *
   * @throws IOException if the descriptor is not a listening UNIX socket
   */
  static SocketFile adopt(Path directory, String name, int fd) throws IOException {
    requireEpoll();
    boolean listening;
    try {
      Socket socket = new Socket(fd);
      listening =
          socket.getIntOpt(Libc.SOL_SOCKET, Libc.SO_DOMAIN) == Libc.AF_UNIX
              && socket.getIntOpt(Libc.SOL_SOCKET, Libc.SO_ACCEPTCONN) == 1;
    } catch (IOException | RuntimeException e) { // Netty's constructor throws the latter
      throw new IOException("descriptor " + fd + " is not an open socket", e);
    }
    if (!listening) {
      throw new IOException("descriptor " + fd + " is not a listening UNIX socket");
    }
    int flags = Libc.INSTANCE.fcntl(fd, Libc.F_GETFL, 0);
    // The control thread must never wait in accept().
    if (flags < 0 || Libc.INSTANCE.fcntl(fd, Libc.F_SETFL, flags | Libc.O_NONBLOCK) < 0) {
      throw new IOException("descriptor " + fd + " cannot be made non-blocking");
    }
    Path path = directory.resolve(name + ".sock");
    return new SocketFile(path, fd, fileKey(path));
  }

  Path path() {
    return path;
  }

  /** The listening socket. */
  int fd() {
    return fd;
  }

  /** Whether the file was there at all when the socket was opened. */
  boolean wasThere() {
    return fileKey != null;
  }

  /** Whether the file is still there, and still this socket's. */
  boolean isThere() {
    return fileKey != null && fileKey.equals(fileKey(path));
  }

  /** Removes the file, unless it has become another socket's. */
  void unlink() throws IOException {
    if (isThere()) {
      Files.deleteIfExists(path);
    }
  }

  private static void requireEpoll() throws IOException {
    if (!Epoll.isAvailable()) {
      throw new IOException(
          "Netty's epoll transport does not load here: " + Epoll.unavailabilityCause());
    }
  }

  private static void createDirectory(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    try {
      Files.createDirectories(directory);
      // Whatever the umask: programs of other users see which interfaces there are.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
    } catch (IOException e) {
      throw new IOException("cannot create the directory " + directory + ": " + reason(e), e);
    }
  }

  /** An exception of java.nio.file often has a path for a message, and its kind for a reason. */
  private static String reason(IOException e) {
    return e.getClass().getSimpleName() + " " + e.getMessage();
  }

  private static void removeIfStale(Path path) throws IOException {
    if (!Files.exists(path, LinkOption.NOFOLLOW_LINKS)) {
      return;
    }
    try (SocketChannel probe = SocketChannel.open(StandardProtocolFamily.UNIX)) {
      probe.configureBlocking(false);
      probe.connect(UnixDomainSocketAddress.of(path));
    } catch (ConnectException e) {
      // Refused: nobody listens any more.
      Files.deleteIfExists(path);
      return;
    }
    throw new IOException(
        path + " belongs to a running program: end that one first, or choose another name");
  }

  /**
   * The mask is the process's, so a file that another thread creates at this moment gets a narrower
   * mode too; a chmod afterwards would leave a moment in which anybody may connect.
   */
  private static void bindOwnerOnly(Socket socket, Path path) throws IOException {
    int before = Libc.INSTANCE.umask(OWNER_ONLY);
    try {
      socket.bind(new DomainSocketAddress(path.toString()));
    } finally {
      Libc.INSTANCE.umask(before);
    }
  }

  private static @Nullable Object fileKey(Path path) {
    try {
      return Files.readAttributes(path, BasicFileAttributes.class, LinkOption.NOFOLLOW_LINKS)
          .fileKey();
    } catch (IOException e) {
      return null;
    }
  }
}
