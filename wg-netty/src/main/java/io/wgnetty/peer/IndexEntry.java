package io.wgnetty.peer;

/**
 * What a 32-bit receiver index of ours stands for: a session, or a handshake that is not finished.
 */
public sealed interface IndexEntry permits Session, PendingHandshake {
  Peer peer();

  int localIndex();
}
