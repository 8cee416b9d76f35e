package io.wgnetty.pipeline;

/** A clock that only goes forward and does not stop while the machine sleeps. */
@FunctionalInterface
public interface NanoClock {
  long nowNs();
}
