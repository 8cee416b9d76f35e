package io.wgnetty.protocol;

import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import java.util.Objects;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** Two devices that know each other, and what a test does with them again and again. */
final class Pair {
  static final int INITIATOR_INDEX = 0x1234_5678;
  static final int RESPONDER_INDEX = 0x9abc_def0;

  final LocalIdentity initiator;
  final LocalIdentity responder;
  final RemoteIdentity initiatorAsPeer;
  final RemoteIdentity responderAsPeer;
  final PresharedKey psk;

  Pair(PrivateKey initiatorKey, PrivateKey responderKey, PresharedKey psk, X25519 x25519) {
    initiator = new LocalIdentity(initiatorKey, x25519);
    responder = new LocalIdentity(responderKey, x25519);
    initiatorAsPeer = new RemoteIdentity(initiator.publicKey());
    responderAsPeer = new RemoteIdentity(responder.publicKey());
    this.psk = psk;
  }

  static Pair random(RandomGenerator random, X25519 x25519) {
    return new Pair(
        PrivateKey.generate(random),
        PrivateKey.generate(random),
        random.nextBoolean() ? PresharedKey.none() : PresharedKey.generate(random),
        x25519);
  }

  /** The pair of handshake.json. */
  static Pair ofVector(X25519 x25519) {
    return new Pair(
        PrivateKey.of(HandshakeVector.input("initiator_static_private")),
        PrivateKey.of(HandshakeVector.input("responder_static_private")),
        PresharedKey.of(HandshakeVector.input("preshared_key")),
        x25519);
  }

  InitiatorHandshake initiate(HandshakeCrypto crypto, byte[] timestamp) {
    return Objects.requireNonNull(
        InitiatorHandshake.create(crypto, initiator, responderAsPeer, timestamp, INITIATOR_INDEX));
  }

  Function<PublicKey, @Nullable RemoteIdentity> peersOfResponder() {
    return key -> key.equals(initiatorAsPeer.publicKey()) ? initiatorAsPeer : null;
  }

  @Nullable ResponderHandshake open(HandshakeCrypto crypto, byte[] datagram) {
    return HandshakeMessage.parse(datagram) instanceof InitiationMessage message
        ? ResponderHandshake.open(crypto, responder, message, peersOfResponder())
        : null;
  }

  ResponderHandshake opened(HandshakeCrypto crypto, byte[] datagram) {
    return Objects.requireNonNull(open(crypto, datagram));
  }

  ResponderHandshake.Answer answer(HandshakeCrypto crypto, ResponderHandshake handshake) {
    return Objects.requireNonNull(handshake.respond(crypto, psk, RESPONDER_INDEX));
  }

  @Nullable TransportKeys consume(
      HandshakeCrypto crypto, InitiatorHandshake handshake, byte[] datagram) {
    return HandshakeMessage.parse(datagram) instanceof ResponseMessage message
        ? handshake.consume(crypto, message, psk)
        : null;
  }

  /** Puts the mac1 in that {@code receiver} expects, and leaves mac2 as it is. */
  static void refreshMac1(byte[] message, LocalIdentity receiver) {
    int mac1Offset = message.length - Messages.MACS_BYTES;
    Blake2s.mac(receiver.mac1Key(), message, 0, mac1Offset, message, mac1Offset);
  }
}
