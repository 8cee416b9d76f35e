package io.wgnetty.device;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import java.security.MessageDigest;
import org.jspecify.annotations.Nullable;

/**
 * A handshake that a worker has with itself before it has any with others: a first one loads
 * classes and links native calls, which takes longer than a peer's first packet should wait.
 */
final class HandshakeRehearsal {
  private HandshakeRehearsal() {}

  /** Shakes hands between two nodes made up for it; returns whether they came to the same keys. */
  static boolean run(HandshakeCrypto crypto) {
    LocalIdentity caller = new LocalIdentity(PrivateKey.generate(crypto.random()), crypto.x25519());
    LocalIdentity called = new LocalIdentity(PrivateKey.generate(crypto.random()), crypto.x25519());
    try {
      return run(crypto, caller, called);
    } finally {
      caller.privateKey().wipe();
      called.privateKey().wipe();
    }
  }

  private static boolean run(HandshakeCrypto crypto, LocalIdentity caller, LocalIdentity called) {
    InitiatorHandshake initiator =
        InitiatorHandshake.create(
            crypto, caller, new RemoteIdentity(called.publicKey()), Tai64n.whitened(0), 1);
    HandshakeMessage initiation =
        initiator == null ? null : HandshakeMessage.parse(initiator.message());
    if (initiator == null || !(initiation instanceof InitiationMessage message)) {
      return false;
    }
    try {
      ResponderHandshake responder =
          ResponderHandshake.open(crypto, called, message, RemoteIdentity::new);
      ResponderHandshake.Answer answer =
          responder == null ? null : responder.respond(crypto, PresharedKey.none(), 2);
      if (answer == null
          || !(HandshakeMessage.parse(answer.message()) instanceof ResponseMessage response)) {
        return false;
      }
      TransportKeys keys = initiator.consume(crypto, response, PresharedKey.none());
      boolean same = areSame(keys, answer.keys());
      answer.keys().wipe();
      return same;
    } finally {
      initiator.wipe();
    }
  }

  private static boolean areSame(@Nullable TransportKeys initiator, TransportKeys responder) {
    if (initiator == null) {
      return false;
    }
    boolean same =
        MessageDigest.isEqual(initiator.sendKey(), responder.receiveKey())
            && MessageDigest.isEqual(initiator.receiveKey(), responder.sendKey());
    initiator.wipe();
    return same;
  }
}
