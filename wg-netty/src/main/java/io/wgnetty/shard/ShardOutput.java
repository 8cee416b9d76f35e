package io.wgnetty.shard;

import io.wgnetty.handshake.HandshakeOutput;
import io.wgnetty.peer.Peer;

/** What a shard asks of the world around it. Called on the shard's thread. */
public interface ShardOutput extends HandshakeOutput {
  /** Sends what the peer's staged queue holds: the peer has a session that may send. */
  void sendStaged(Peer peer);

  /**
   * Asks for {@link PeerShard#expire} at this moment, which is earlier than any asked for before.
   */
  void wakeAt(long deadlineNs);
}
