package io.wgnetty.wrong.protocol;

import java.time.Instant;
import java.util.function.LongSupplier;

/** Wrong: time comes in as a parameter. */
public final class ReadsClock {
  public long call() {
    return System.nanoTime();
  }

  public LongSupplier reference() {
    return System::currentTimeMillis;
  }

  public Instant instant() {
    return Instant.now();
  }
}
