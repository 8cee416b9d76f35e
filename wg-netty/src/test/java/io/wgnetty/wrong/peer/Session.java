package io.wgnetty.wrong.peer;

/** Wrong: a part of a peer that asks it something. */
public final class Session {
  private final Peer peer;

  public Session(Peer peer) {
    this.peer = peer;
  }

  public int packets() {
    return peer.packets();
  }
}
