package io.wgnetty.setup;

/** Waits. */
@FunctionalInterface
public interface Pause {
  void forMillis(long ms) throws InterruptedException;
}
