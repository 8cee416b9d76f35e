package io.wgnetty.handshake;

import io.wgnetty.protocol.Endpoint;

/** What handshakes ask of the world around them. Called on the shard's thread. */
public interface HandshakeOutput {
  /**
   * Sends a handshake message; returns whether it went out. Handshake messages are marked with DSCP
   * AF41.
   */
  boolean sendHandshake(byte[] message, Endpoint destination);

  /** Gives work to the handshake workers; returns false if they have no place for it. */
  boolean submit(HandshakeJob job);
}
