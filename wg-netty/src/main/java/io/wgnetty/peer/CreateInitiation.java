package io.wgnetty.peer;

import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import org.jspecify.annotations.Nullable;

/** Computes our initiation (protocol 2.2). */
final class CreateInitiation extends HandshakeJob {
  private final LocalIdentity identity;
  private final PendingHandshake pending;
  private final byte[] timestamp;
  private @Nullable InitiatorHandshake handshake;

  CreateInitiation(LocalIdentity identity, PendingHandshake pending, byte[] timestamp) {
    this.identity = identity;
    this.pending = pending;
    this.timestamp = timestamp;
  }

  @Override
  public HandshakeLanes.Kind kind() {
    return HandshakeLanes.Kind.OWN;
  }

  @Override
  public int shard() {
    return owner().number();
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    handshake =
        InitiatorHandshake.create(
            crypto, identity, pending.peer().remote(), timestamp, pending.localIndex());
  }

  @Override
  public PeerShard owner() {
    return pending.peer().shard();
  }

  @Override
  public void discard() {
    // nothing secret before it is run
  }

  @Override
  public void complete(long nowNs) {
    owner().handshakes().attempts().initiationCreated(identity, pending, handshake, nowNs);
  }
}
