package io.wgnetty.device;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Whether the machine has slept: the clock since its start goes on meanwhile, the monotonic one
 * does not (clock_gettime(2), CLOCK_BOOTTIME and CLOCK_MONOTONIC). For one thread.
 */
public final class MachineSleep {
  /** Less is no sleep, but may come together with more. */
  static final long LEAST_NS = TimeUnit.MILLISECONDS.toNanos(500);

  private static final int FIRST_LOOKS = 5;

  private final LongSupplier bootNs;
  private final LongSupplier monotonicNs;
  private long leadNs;

  /** Looks from now on. */
  public MachineSleep() {
    this(new BootClock()::nowNs, System::nanoTime);
  }

  MachineSleep(LongSupplier bootNs, LongSupplier monotonicNs) {
    this.bootNs = bootNs;
    this.monotonicNs = monotonicNs;
    leadNs = lead();
    for (int i = 1; i < FIRST_LOOKS; i++) {
      leadNs = Math.max(leadNs, lead());
    }
  }

  /** The boot clock first: whoever is held up between the two finds less, and never more. */
  private long lead() {
    long boot = bootNs.getAsLong();
    return boot - monotonicNs.getAsLong();
  }

  /** For how long it has slept since this was last asked; 0 if it has not. */
  public long sleptNs() {
    long lead = lead();
    long grownNs = lead - leadNs;
    if (grownNs < LEAST_NS) {
      return 0;
    }
    leadNs = lead;
    return grownNs;
  }
}
