package io.wgnetty.handshake;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import org.jspecify.annotations.Nullable;

/**
 * Checks the answer to our initiation and derives the session's keys (protocol 2.3, on receipt).
 */
final class ConsumeResponse extends HandshakeJob {
  final PendingHandshake pending;
  final InitiatorHandshake handshake;
  private final ResponseMessage message;
  final PresharedKey presharedKey;
  final Endpoint source;
  private @Nullable TransportKeys keys;

  ConsumeResponse(
      PendingHandshake pending,
      InitiatorHandshake handshake,
      ResponseMessage message,
      PresharedKey presharedKey,
      Endpoint source) {
    super(Kind.COMPLETING, pending.peer().shard().number());
    this.pending = pending;
    this.handshake = handshake;
    this.message = message;
    this.presharedKey = presharedKey;
    this.source = source;
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    keys = handshake.consume(crypto, message, presharedKey);
  }

  @Override
  public void discard() {
    handshake.wipe();
    if (keys != null) {
      keys.wipe();
    }
  }

  /** What both sides have now; {@code null} if the message was not the peer's answer. */
  @Nullable TransportKeys keys() {
    return keys;
  }
}
