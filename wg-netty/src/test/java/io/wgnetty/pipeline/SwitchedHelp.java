package io.wgnetty.pipeline;

/** Help that a test has its node ask for. */
final class SwitchedHelp implements LoopHelp {
  boolean wanted;
  int calls;

  @Override
  public boolean isWanted() {
    return wanted;
  }

  @Override
  public void call() {
    calls++;
  }
}
