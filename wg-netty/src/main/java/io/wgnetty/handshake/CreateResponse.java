package io.wgnetty.handshake;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import org.jspecify.annotations.Nullable;

/** Computes our response and the session's keys (protocol 2.3). */
final class CreateResponse extends HandshakeJob {
  final LocalIdentity identity;
  final PendingHandshake pending;
  final ResponderHandshake handshake;
  final PresharedKey presharedKey;
  private ResponderHandshake.@Nullable Answer answer;

  CreateResponse(
      LocalIdentity identity,
      PendingHandshake pending,
      ResponderHandshake handshake,
      PresharedKey presharedKey) {
    super(Kind.COMPLETING, pending.peer().shard().number());
    this.identity = identity;
    this.pending = pending;
    this.handshake = handshake;
    this.presharedKey = presharedKey;
  }

  @Override
  public void run(HandshakeCrypto crypto) {
    answer = handshake.respond(crypto, presharedKey, pending.localIndex());
  }

  @Override
  public void discard() {
    handshake.wipe();
    if (answer != null) {
      answer.keys().wipe();
    }
  }

  /** Our response and its keys; {@code null} if nothing was computed. */
  ResponderHandshake.@Nullable Answer answer() {
    return answer;
  }
}
