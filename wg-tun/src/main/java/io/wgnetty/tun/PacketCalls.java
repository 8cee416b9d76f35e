package io.wgnetty.tun;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;

/**
 * {@code read(2)}, {@code write(2)} and {@code writev(2)}, each for one packet: the calls of the
 * hot path. A failure is a negative error number and never an exception, because a link that is
 * down fails at line rate and a stack trace per packet would cost more than the packet.
 *
 * <p>One instance per event loop: it holds the place where the error number is caught. Not final,
 * because tests put a kernel of their own in its place.
 */
class PacketCalls {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));
  private static final MethodHandle READ = handle("read");
  private static final MethodHandle WRITE = handle("write");
  private static final MethodHandle WRITEV = handle("writev");

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  /** Reads one packet to a memory address: its length, or a negative error number. */
  int read(int fd, long address, int lengthBytes) {
    while (true) {
      long result;
      try {
        result = (long) READ.invokeExact(state, (long) fd, address, (long) lengthBytes, 0L, 0L);
      } catch (Throwable t) {
        throw new AssertionError("read(2) cannot be called", t);
      }
      int outcome = outcome(result);
      if (outcome != -Errno.EINTR) {
        return outcome;
      }
    }
  }

  /** Writes one packet from a memory address: its length, or a negative error number. */
  int write(int fd, long address, int lengthBytes) {
    while (true) {
      long result;
      try {
        result = (long) WRITE.invokeExact(state, (long) fd, address, (long) lengthBytes, 0L, 0L);
      } catch (Throwable t) {
        throw new AssertionError("write(2) cannot be called", t);
      }
      int outcome = outcome(result);
      if (outcome != -Errno.EINTR) {
        return outcome;
      }
    }
  }

  /**
   * Writes one packet from the pieces of memory of a {@link WriteVector}: its length, or a negative
   * error number.
   */
  int writev(int fd, long vector, int pieces) {
    while (true) {
      long result;
      try {
        result = (long) WRITEV.invokeExact(state, (long) fd, vector, (long) pieces, 0L, 0L);
      } catch (Throwable t) {
        throw new AssertionError("writev(2) cannot be called", t);
      }
      int outcome = outcome(result);
      if (outcome != -Errno.EINTR) {
        return outcome;
      }
    }
  }

  private int outcome(long result) {
    return result >= 0 ? (int) result : -state.get(JAVA_INT, ERRNO_OFFSET);
  }

  /**
   * A system call of up to five integers or pointers. All have the same signature, though some look
   * at fewer registers, because the JDK makes some twenty classes for each that it has not met
   * before: at each start.
   */
  @SuppressWarnings("restricted") // integers and pointers are in registers, one like the other
  private static MethodHandle handle(String name) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }
}
