package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.jspecify.annotations.Nullable;

/**
 * The network namespace in which an interface lives now. An interface can be moved while its
 * descriptor stays where it is; sockets that ask for it must be opened in its namespace.
 */
final class NetworkNamespace implements AutoCloseable {
  private static final long TUNGETDEVNETNS = 0x54e3;
  private static final int UNKNOWN = -1;

  private final int fd;

  private NetworkNamespace(int fd) {
    this.fd = fd;
  }

  /**
   * The namespace of a TUN descriptor's interface. Where the kernel does not tell (before 5.2, or
   * without CAP_NET_ADMIN there) it is taken for the current one.
   */
  static NetworkNamespace of(int tunFd) {
    try {
      return new NetworkNamespace(Libc.INSTANCE.ioctl(tunFd, TUNGETDEVNETNS, 0L));
    } catch (LastErrorException e) {
      return new NetworkNamespace(UNKNOWN);
    }
  }

  /** Whether this process is in that namespace. */
  boolean isCurrent() {
    if (fd == UNKNOWN) {
      return true;
    }
    // Both links read like net:[4026531840]; equal numbers are the same namespace.
    Path ours = read("/proc/self/ns/net");
    return ours != null && ours.equals(identity());
  }

  /** What tells it from others, or null if that cannot be said. */
  @Nullable Path identity() {
    return fd == UNKNOWN ? null : read("/proc/self/fd/" + fd);
  }

  private static @Nullable Path read(String link) {
    try {
      return Files.readSymbolicLink(Path.of(link));
    } catch (IOException e) {
      return null;
    }
  }

  /** An action that fails the way this package fails. */
  interface Action<T> {
    T run() throws TunException;
  }

  /**
   * Runs the action inside the namespace. Sockets that it opens stay there for good.
   *
   * @throws LastErrorException what the action throws, and EPERM if we may not enter
   */
  <T> T call(Action<T> action) throws TunException {
    if (isCurrent()) {
      return action.run();
    }
    FutureTask<T> task =
        new FutureTask<>(
            () -> {
              Libc.INSTANCE.setns(fd, Libc.CLONE_NEWNET);
              return action.run();
            });
    // A thread of its own, because it never comes back: it ends in the other namespace.
    Thread.ofPlatform().daemon().name("namespace-" + fd).start(task);
    try {
      return task.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new TunException("interrupted while entering a network namespace", e);
    } catch (ExecutionException e) {
      throw unwrapped(e);
    }
  }

  private static TunException unwrapped(ExecutionException e) throws TunException {
    Throwable cause = e.getCause();
    if (cause instanceof TunException tunException) {
      return tunException;
    }
    if (cause instanceof RuntimeException unchecked) {
      throw unchecked;
    }
    throw new IllegalStateException(cause);
  }

  @Override
  public void close() {
    if (fd != UNKNOWN) {
      Libc.INSTANCE.close(fd);
    }
  }
}
