package io.wgnetty.device;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of the processor a thread may claim where there is not enough for all. */
final class ThreadWeight {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadWeight.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  /** For the kernel's scheduler that is about a tenth of the weight of a thread at 0. */
  private static final int NICE = 10;

  private ThreadWeight() {}

  /** Lowers the calling thread's claim for good; everybody may do that to oneself. */
  @SuppressWarnings("restricted") // a plain C call; the launcher enables native access
  static void lower() {
    Linker linker = Linker.nativeLinker();
    MethodHandle setPriority =
        linker.downcallHandle(
            linker.defaultLookup().findOrThrow("setpriority"),
            FunctionDescriptor.of(
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT));
    try {
      int result = (int) setPriority.invokeExact(PRIO_PROCESS, CALLING_THREAD, NICE);
      if (result != 0) {
        LOG.warn("the weight of {} stays as it is", Thread.currentThread().getName());
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
