package io.wgnetty.device;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import io.wgnetty.pipeline.NanoClock;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * The time since the machine was started, including the time it slept. {@link System#nanoTime()}
 * stands still during sleep, and keys would outlive their time by as much.
 */
final class BootClock implements NanoClock {
  private static final int CLOCK_BOOTTIME = 7;
  private static final int CLOCK_THREAD_CPUTIME_ID = 3;
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final MethodHandle CLOCK_GETTIME = clockGettime();

  // One place for the answer per thread that asks: event loops ask for every batch.
  private static final ThreadLocal<MemorySegment> ANSWER =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(16, 8));

  /** With the signature of the short functions of ciphers, see {@code cipher/NativeShape}. */
  @SuppressWarnings("restricted") // a plain C call; the launcher enables native access
  private static MethodHandle clockGettime() {
    Linker linker = Linker.nativeLinker();
    return linker.downcallHandle(
        linker.defaultLookup().findOrThrow("clock_gettime"),
        FunctionDescriptor.of(
            JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG, JAVA_LONG),
        Linker.Option.critical(false));
  }

  @Override
  public long nowNs() {
    return read(CLOCK_BOOTTIME);
  }

  /** The processor time that the calling thread has used. */
  static long threadCpuNs() {
    return read(CLOCK_THREAD_CPUTIME_ID);
  }

  private static long read(int clock) {
    MemorySegment answer = ANSWER.get();
    try {
      int result =
          (int) (long) CLOCK_GETTIME.invokeExact((long) clock, answer.address(), 0L, 0L, 0L, 0L);
      if (result != 0) {
        throw new IllegalStateException("clock_gettime failed");
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
    return answer.get(JAVA_LONG, 0) * NANOS_PER_SECOND + answer.get(JAVA_LONG, 8);
  }
}
