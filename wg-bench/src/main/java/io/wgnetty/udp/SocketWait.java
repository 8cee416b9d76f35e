package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;

/** Waits until one of a few sockets has something to read: {@code poll(2)}. One thread. */
public final class SocketWait {
  /** {@code struct pollfd}: descriptor 4, events 2, returned events 2. */
  private static final int ENTRY_BYTES = 8;

  private static final int EVENTS = 4;
  private static final int RETURNED = 6;
  private static final short POLLIN = 1;

  private static final MethodHandle POLL = handle();

  private final MemorySegment entries;
  private final int count;

  public SocketWait(List<ManySourceSocket> sockets) {
    count = sockets.size();
    entries = Arena.ofAuto().allocate((long) count * ENTRY_BYTES, Integer.BYTES);
    for (int i = 0; i < count; i++) {
      entries.set(JAVA_INT, (long) i * ENTRY_BYTES, sockets.get(i).fd());
      entries.set(JAVA_SHORT, (long) i * ENTRY_BYTES + EVENTS, POLLIN);
    }
  }

  /** Returns when something has come, and after {@code timeoutMs} whatever has. */
  public void await(int timeoutMs) {
    int ready;
    try {
      ready = (int) POLL.invokeExact(entries.address(), (long) count, timeoutMs);
    } catch (Throwable t) {
      throw new AssertionError("poll(2) cannot be called", t);
    }
    if (ready < 0) { // interrupted by a signal: the caller comes again
      for (int i = 0; i < count; i++) {
        entries.set(JAVA_SHORT, (long) i * ENTRY_BYTES + RETURNED, (short) 0);
      }
    }
  }

  /** Whether the socket with this number had something when the last wait was over. */
  public boolean isReady(int index) {
    return entries.get(JAVA_SHORT, (long) index * ENTRY_BYTES + RETURNED) != 0;
  }

  @SuppressWarnings("restricted") // the signature as in Linux, with the pointer as a plain address
  private static MethodHandle handle() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find("poll").orElseThrow(),
        FunctionDescriptor.of(JAVA_INT, JAVA_LONG, JAVA_LONG, JAVA_INT));
  }
}
