package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/** The system's calls, but that they fail as a test wishes. */
class ScriptedCalls implements DatagramCalls {
  private static final long FULL_NS = 1_000_000;

  /** What IP_PKTINFO takes of control data; a segment size alone takes less. */
  private static final int PACKET_INFO_SPACE = 32;

  private final DatagramCalls calls = new NativeDatagramCalls();

  /** The error for everything; 0 is none. */
  volatile int errno;

  /** The error for what asks for segments; 0 is none. */
  volatile int segmentErrno;

  /** The error for what is to leave from a certain address; 0 is none. */
  volatile int localErrno;

  /** How many messages one call takes at most. */
  volatile int messagesPerCall = Integer.MAX_VALUE;

  /** How many messages it takes before it takes no more. */
  final AtomicInteger messagesLeft = new AtomicInteger(Integer.MAX_VALUE);

  /** The error for receiving; 0 is none. */
  volatile int receiveErrno;

  /** How often receiving was tried. */
  final AtomicInteger receiveCalls = new AtomicInteger();

  @Override
  public int receive(int fd, MessageArray messages, int count) {
    receiveCalls.incrementAndGet();
    return receiveErrno != 0 ? -receiveErrno : calls.receive(fd, messages, count);
  }

  @Override
  public int send(int fd, MessageArray messages, int first, int count) {
    if (errno != 0) {
      return -errno;
    }
    if (localErrno != 0 && messages.controlLength(first) >= PACKET_INFO_SPACE) {
      return -localErrno;
    }
    int left = messagesLeft.get();
    if (left == 0) {
      LockSupport.parkNanos(FULL_NS); // the real socket has room, and would spin the loop
      return -Errno.EAGAIN;
    }
    int good = 0;
    int most = Math.min(count, Math.min(messagesPerCall, left));
    while (good < most && (segmentErrno == 0 || !isSegmented(messages, first + good))) {
      good++;
    }
    if (good == 0) {
      return -segmentErrno;
    }
    if (left != Integer.MAX_VALUE) {
      messagesLeft.compareAndSet(left, left - good); // unless the test has said otherwise meanwhile
    }
    return calls.send(fd, messages, first, good);
  }

  /** Whether the first control message of a message asks for segments, as ours do. */
  static boolean isSegmented(MessageArray messages, int index) {
    MemorySegment memory = messages.memory();
    long control = messages.controlOffset(index);
    return messages.controlLength(index) > 0
        && memory.get(JAVA_LONG, control) == 18
        && memory.get(JAVA_INT, control + 8) == SocketOptions.IPPROTO_UDP;
  }
}
