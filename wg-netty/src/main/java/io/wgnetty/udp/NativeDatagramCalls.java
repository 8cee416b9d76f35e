package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.invoke.MethodHandle;
import java.lang.ref.Reference;

/** The calls themselves. One instance a channel: it holds where the error number is caught. */
final class NativeDatagramCalls implements DatagramCalls {
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final long ERRNO_OFFSET = STATE.byteOffset(PathElement.groupElement("errno"));
  private static final long NO_TIMEOUT = 0;
  private static final long NO_FLAGS = 0; // the sockets do not block

  private static final MethodHandle RECVMMSG = handle("recvmmsg");
  private static final MethodHandle SENDMMSG = handle("sendmmsg");

  private final MemorySegment state = Arena.ofAuto().allocate(STATE);

  @Override
  public int receive(int fd, MessageArray messages, int count) {
    while (true) {
      int result;
      try {
        result =
            (int)
                (long)
                    RECVMMSG.invokeExact(
                        state, (long) fd, messages.address(0), (long) count, NO_FLAGS, NO_TIMEOUT);
      } catch (Throwable t) {
        throw new AssertionError("recvmmsg(2) cannot be called", t);
      } finally {
        Reference.reachabilityFence(messages);
      }
      int outcome = outcome(result);
      if (outcome != -Errno.EINTR) {
        return outcome;
      }
    }
  }

  @Override
  public int send(int fd, MessageArray messages, int first, int count) {
    while (true) {
      int result;
      try {
        result =
            (int)
                (long)
                    SENDMMSG.invokeExact(
                        state, (long) fd, messages.address(first), (long) count, NO_FLAGS, 0L);
      } catch (Throwable t) {
        throw new AssertionError("sendmmsg(2) cannot be called", t);
      } finally {
        Reference.reachabilityFence(messages);
      }
      int outcome = outcome(result);
      if (outcome != -Errno.EINTR) {
        return outcome;
      }
    }
  }

  private int outcome(int result) {
    return result >= 0 ? result : -state.get(JAVA_INT, ERRNO_OFFSET);
  }

  /** With the signature of the calls of the interface, see {@code tun/PacketCalls}. */
  @SuppressWarnings("restricted") // integers and pointers are in registers, one like the other
  private static MethodHandle handle(String name) {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().find(name).orElseThrow(),
        FunctionDescriptor.of(JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.captureCallState("errno"));
  }
}
