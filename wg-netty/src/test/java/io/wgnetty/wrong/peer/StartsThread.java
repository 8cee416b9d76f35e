package io.wgnetty.wrong.peer;

/** Wrong: a pure package that starts a thread. */
public final class StartsThread {
  public void start() {
    Thread.ofVirtual().start(() -> {});
  }
}
