package io.wgnetty.tun;

import com.sun.jna.LastErrorException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** A few descriptors for {@code poll(2)}. */
final class PollSet {
  private static final int POLLFD_BYTES = 8;
  private static final int EVENTS = 4;
  private static final int RESULT = 6;

  private final ByteBuffer descriptors;
  private final int size;

  PollSet(int size) {
    this.size = size;
    descriptors = ByteBuffer.allocateDirect(size * POLLFD_BYTES).order(ByteOrder.nativeOrder());
  }

  /** Puts a descriptor, and the events that are of interest there. */
  void set(int place, int fd, int events) {
    int at = place * POLLFD_BYTES;
    descriptors
        .putInt(at, fd)
        .putShort(at + EVENTS, (short) events)
        .putShort(at + RESULT, (short) 0);
  }

  /** Waits until one is ready, or the time is over; may end early. */
  void poll(int timeoutMs) {
    try {
      Libc.INSTANCE.poll(descriptors, size, timeoutMs);
    } catch (LastErrorException e) {
      if (e.getErrorCode() != Errno.EINTR) { // an early end, which the caller takes as one
        throw e;
      }
    }
  }

  /** What the last {@link #poll} found there: events asked for, and errors. */
  int found(int place) {
    return descriptors.getShort(place * POLLFD_BYTES + RESULT);
  }
}
