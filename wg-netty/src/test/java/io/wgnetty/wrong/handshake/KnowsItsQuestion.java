package io.wgnetty.wrong.handshake;

/** Wrong together with what it answers. */
final class KnowsItsQuestion {
  private final KnowsItsAnswer[] asked = new KnowsItsAnswer[0];

  int questions() {
    return asked.length;
  }
}
