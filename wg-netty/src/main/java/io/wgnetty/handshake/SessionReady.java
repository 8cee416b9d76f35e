package io.wgnetty.handshake;

import io.wgnetty.peer.Peer;

/** Told that an attempt of ours has led to a session: whatever is sent now confirms it. */
@FunctionalInterface
public interface SessionReady {
  void sessionReady(Peer peer, long nowNs);
}
