package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;

/** What a shard asks of the world around it. Called on the shard's thread. */
public interface ShardOutput {
  /**
   * Sends a handshake message; returns whether it went out. Handshake messages are marked with DSCP
   * AF41.
   */
  boolean sendHandshake(byte[] message, Endpoint destination);

  /** Sends what the peer's staged queue holds: the peer has a session that may send. */
  void sendStaged(Peer peer);

  /** Gives work to the handshake workers; returns false if they have no place for it. */
  boolean submit(HandshakeJob job);

  /**
   * Asks for {@link PeerShard#expire} at this moment, which is earlier than any asked for before.
   */
  void wakeAt(long deadlineNs);
}
