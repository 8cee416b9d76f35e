package io.wgnetty.device;

import com.sun.jna.Library;
import com.sun.jna.Native;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** How much of the processor a thread may claim where there is not enough for all. */
final class ThreadWeight {
  private static final Logger LOG = LoggerFactory.getLogger(ThreadWeight.class);
  private static final int PRIO_PROCESS = 0;
  private static final int CALLING_THREAD = 0;

  /** For the kernel's scheduler that is about a tenth of the weight of a thread at 0. */
  private static final int NICE = 10;

  private interface Libc extends Library {
    Libc INSTANCE = Native.load("c", Libc.class);

    /** On Linux a process number is that of a thread; 0 is the calling one. */
    int setpriority(int which, int who, int nice);
  }

  private ThreadWeight() {}

  /** Lowers the calling thread's claim for good; everybody may do that to oneself. */
  static void lower() {
    if (Libc.INSTANCE.setpriority(PRIO_PROCESS, CALLING_THREAD, NICE) != 0) {
      LOG.warn("the weight of {} stays as it is", Thread.currentThread().getName());
    }
  }
}
