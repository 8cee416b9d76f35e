package io.wgnetty.wrong.handshake;

/** Wrong: it and its answer know each other. */
public final class KnowsItsAnswer {
  public int answers() {
    return new KnowsItsQuestion().questions();
  }
}
