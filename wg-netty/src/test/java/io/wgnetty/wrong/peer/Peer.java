package io.wgnetty.wrong.peer;

/** What its session must not look into. */
public final class Peer {
  public int packets() {
    return 0;
  }
}
