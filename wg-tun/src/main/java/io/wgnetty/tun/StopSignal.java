package io.wgnetty.tun;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** Wakes a thread that waits for a descriptor: an eventfd beside it in {@code poll(2)}. */
final class StopSignal implements AutoCloseable {
  private final int fd = Libc.INSTANCE.eventfd(0, Libc.EFD_CLOEXEC);
  private final PollSet both = new PollSet(2);

  /** Waits until the signal is raised, the descriptor has something, or the time is over. */
  void await(int other, int timeoutMs) {
    both.set(0, fd, Libc.POLLIN);
    both.set(1, other, Libc.POLLIN);
    both.poll(timeoutMs);
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
