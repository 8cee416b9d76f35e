package io.wgnetty.handshake;

import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import org.jspecify.annotations.Nullable;

/** Computes our initiation (protocol 2.2). */
final class CreateInitiation extends HandshakeJob {
  final LocalIdentity identity;
  final PendingHandshake pending;
  private final byte[] timestamp;
  private @Nullable InitiatorHandshake handshake;

  CreateInitiation(LocalIdentity identity, PendingHandshake pending, byte[] timestamp) {
    super(Kind.OWN, pending.peer().shard().number());
    this.identity = identity;
    this.pending = pending;
    this.timestamp = timestamp;
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    handshake =
        InitiatorHandshake.create(
            crypto, identity, pending.peer().remote(), timestamp, pending.localIndex());
  }

  @Override
  public void discard() {
    if (handshake != null) {
      handshake.wipe();
    }
  }

  /** What was computed; {@code null} if nothing was. */
  @Nullable InitiatorHandshake handshake() {
    return handshake;
  }
}
