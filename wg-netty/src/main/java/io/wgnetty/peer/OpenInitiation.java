package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import org.jspecify.annotations.Nullable;

/** Finds out who sent an initiation, and whether it is genuine (protocol 2.2, on receipt). */
final class OpenInitiation extends HandshakeJob {
  private final PeerShard receiver;
  private final LocalIdentity identity;
  private final InitiationMessage message;
  private final Endpoint source;
  private @Nullable Peer peer;
  private @Nullable ResponderHandshake handshake;

  OpenInitiation(
      PeerShard receiver, LocalIdentity identity, InitiationMessage message, Endpoint source) {
    this.receiver = receiver;
    this.identity = identity;
    this.message = message;
    this.source = source;
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    handshake =
        ResponderHandshake.open(
            crypto,
            identity,
            message,
            key -> {
              peer = receiver.directory().find(key);
              return peer == null ? null : peer.remote();
            });
  }

  @Override
  public PeerShard owner() {
    return peer == null ? receiver : peer.shard();
  }

  @Override
  public void discard() {
    // nothing secret before it is run
  }

  @Override
  public void complete(long nowNs) {
    owner().handshakes().answers().initiationOpened(identity, peer, handshake, source, nowNs);
  }
}
