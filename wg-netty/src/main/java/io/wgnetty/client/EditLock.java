package io.wgnetty.client;

import com.sun.jna.LastErrorException;
import com.sun.jna.Library;
import com.sun.jna.Native;
import io.wgnetty.netlink.Errno;
import io.wgnetty.node.CommandFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Held by a command from its first look at a configuration file until its change is in it: two that
 * run at once would otherwise give the same address away.
 *
 * <p>It is the directory that is locked, with {@code flock(2)}: the file itself is replaced by each
 * change, a file beside it would stay there for ever, and the JDK's own locks end with any channel
 * of the same file that this process closes.
 */
public final class EditLock implements AutoCloseable {
  /** The system calls that the JDK lacks: it opens no directories. */
  private interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    int open(String path, int flags) throws LastErrorException;

    int flock(int fd, int operation) throws LastErrorException;

    int close(int fd) throws LastErrorException;
  }

  /** What is done meanwhile. */
  @FunctionalInterface
  public interface Edit {
    /** Reads and changes the file. */
    void run() throws CommandFailure;
  }

  private static final int O_RDONLY_CLOEXEC = 0x80000;
  private static final int LOCK_EX_NB = 2 | 4;

  /** A reload of very many peers by the other command takes seconds. */
  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private static final long RETRY_MS = 20;

  private final int fd;

  private EditLock(int fd) {
    this.fd = fd;
  }

  /**
   * Waits until no other command changes files there, and keeps others out during an edit.
   *
   * @param file the configuration file; without one there is nothing to lock
   * @throws CommandFailure the edit's own, or if another command goes on and on
   */
  public static void during(@Nullable Path file, Edit edit) throws CommandFailure {
    EditLock lock = of(file, PATIENCE);
    try {
      edit.run();
    } finally {
      lock.close();
    }
  }

  static EditLock of(@Nullable Path file, Duration patience) throws CommandFailure {
    if (file == null) {
      return new EditLock(-1);
    }
    try {
      Path directory = file.toRealPath().resolveSibling(".");
      int fd = Libc.INSTANCE.open(directory.toString(), O_RDONLY_CLOEXEC);
      var lock = new EditLock(fd);
      try {
        lock.await(file, System.nanoTime() + patience.toNanos());
        return lock;
      } catch (CommandFailure | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw new CommandFailure("cannot find " + file + ": " + CommandFailure.firstLine(e));
    } catch (LastErrorException e) {
      // A directory that may be searched but not read, or a file system without locks: whoever
      // writes still compares the file with what it has read before.
      return new EditLock(-1);
    }
  }

  private void await(Path file, long untilNs) throws CommandFailure {
    while (!tryLock()) {
      if (System.nanoTime() - untilNs > 0) {
        throw new CommandFailure(file + " is being changed by another command; try again");
      }
      try {
        Thread.sleep(RETRY_MS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new CommandFailure("interrupted");
      }
    }
  }

  private boolean tryLock() {
    try {
      return Libc.INSTANCE.flock(fd, LOCK_EX_NB) == 0;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.EAGAIN || e.getErrorCode() == Errno.EINTR) {
        return false;
      }
      throw e;
    }
  }

  @Override
  public void close() {
    if (fd >= 0) {
      Libc.INSTANCE.close(fd);
    }
  }
}
