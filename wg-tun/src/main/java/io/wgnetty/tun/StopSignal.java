package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Wakes a thread that waits for a descriptor: an eventfd beside it in {@code poll(2)}. */
final class StopSignal implements AutoCloseable {
  private static final int POLLFD_BYTES = 8;
  private static final int NO_DESCRIPTOR = -1; // poll passes over it

  private final int fd = Libc.INSTANCE.eventfd(0, Libc.EFD_CLOEXEC);
  private final ByteBuffer descriptors =
      ByteBuffer.allocateDirect(2 * POLLFD_BYTES).order(ByteOrder.nativeOrder());

  /** Waits until the signal is raised, the descriptor has something, or the time is over. */
  void await(int other, int timeoutMs) {
    descriptors.putInt(0, fd).putInt(4, Libc.POLLIN);
    descriptors.putInt(POLLFD_BYTES, other).putInt(POLLFD_BYTES + 4, Libc.POLLIN);
    try {
      Libc.INSTANCE.poll(descriptors, 2, timeoutMs);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != Errno.EINTR) { // an early end, which the caller takes as one
        throw e;
      }
    }
  }

  /** Waits until the signal is raised or the time is over. */
  void await(int timeoutMs) {
    await(NO_DESCRIPTOR, timeoutMs);
  }

  void raise() {
    ByteBuffer one = ByteBuffer.allocateDirect(Long.BYTES).order(ByteOrder.nativeOrder());
    Libc.INSTANCE.write(fd, one.putLong(0, 1), Long.BYTES);
  }

  @Override
  public void close() {
    Libc.INSTANCE.close(fd);
  }
}
