package io.wgnetty.device;

import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;

/**
 * A node among others with the same peers: its number, which its receiver indices have, and whoever
 * is to be told when a peer has a session here.
 */
public final class SessionNews implements ShardEvents {
  private final int node;
  private volatile PeerSessions.Listener listener = PeerSessions.Listener.NONE;

  /** {@code node} may be {@link io.wgnetty.peer.ShardPlace#NO_NODE}. */
  public SessionNews(int node) {
    this.node = node;
  }

  int node() {
    return node;
  }

  void listen(PeerSessions.Listener next) {
    listener = next;
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    listener.established(peer.publicKey(), peer.handshake().greatestTimestamp());
  }
}
