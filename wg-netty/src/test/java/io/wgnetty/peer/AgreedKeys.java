package io.wgnetty.peer;

import static java.util.Objects.requireNonNull;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.crypto.X25519;
import io.wgnetty.protocol.HandshakeCrypto;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import java.util.SplittableRandom;

/** What both sides of a handshake have in the end. */
public record AgreedKeys(TransportKeys initiator, TransportKeys responder) {

  /** Runs a handshake between two parties that nobody knows. */
  public static AgreedKeys agree(int initiatorIndex, int responderIndex) {
    X25519 x25519 = X25519Providers.fastest();
    HandshakeCrypto crypto =
        new HandshakeCrypto(
            x25519, AeadProviders.named("jdk").create(), new SplittableRandom(initiatorIndex));
    LocalIdentity initiator = new LocalIdentity(PrivateKey.generate(crypto.random()), x25519);
    LocalIdentity responder = new LocalIdentity(PrivateKey.generate(crypto.random()), x25519);
    InitiatorHandshake begun =
        requireNonNull(
            InitiatorHandshake.create(
                crypto,
                initiator,
                new RemoteIdentity(responder.publicKey()),
                Tai64n.whitened(1),
                initiatorIndex));
    InitiationMessage initiation =
        (InitiationMessage) requireNonNull(HandshakeMessage.parse(begun.message()));
    ResponderHandshake.Answer answer =
        requireNonNull(
            requireNonNull(
                    ResponderHandshake.open(
                        crypto, responder, initiation, key -> new RemoteIdentity(key)))
                .respond(crypto, PresharedKey.none(), responderIndex));
    ResponseMessage response =
        (ResponseMessage) requireNonNull(HandshakeMessage.parse(answer.message()));
    TransportKeys keys = requireNonNull(begun.consume(crypto, response, PresharedKey.none()));
    return new AgreedKeys(keys, answer.keys());
  }
}
