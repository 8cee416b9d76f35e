package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.VectorFile;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Keys that make every Diffie-Hellman result zero: whoever uses them knows the "secret" in advance.
 *
 * <p>The messages here are therefore complete forgeries, valid in all but the zeros.
 */
final class LowOrderKeyTest {
  private static final byte[] ZERO = new byte[32];
  private static final byte[] TIMESTAMP = Tai64n.whitened(1);

  private final Random random = SeededRandom.create("LowOrderKeyTest");

  static List<Primitives> all() {
    return Primitives.all();
  }

  /** The seven encodings, and the same with the bit that X25519 ignores. */
  private static List<byte[]> lowOrderKeys() {
    List<byte[]> keys = new ArrayList<>();
    VectorFile.object("x25519")
        .getAsJsonArray("low_order_points_must_be_rejected")
        .forEach(point -> keys.add(HexFormat.of().parseHex(point.getAsString())));
    assertThat(keys).hasSize(7);
    for (byte[] key : List.copyOf(keys)) {
      byte[] withIgnoredBit = key.clone();
      withIgnoredBit[31] |= (byte) 0x80;
      keys.add(withIgnoredBit);
    }
    return keys;
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldNotInitiateToSuchAPeer(Primitives primitives) {
    LocalIdentity local = identity(primitives);
    for (byte[] key : lowOrderKeys()) {
      RemoteIdentity remote = new RemoteIdentity(PublicKey.of(key));
      HandshakeCrypto crypto = primitives.crypto(random);
      assertThat(remote.staticStatic(crypto, local)).isNull();
      assertThat(remote.staticStatic(crypto, local)).as("from the cache").isNull();
      assertThat(InitiatorHandshake.create(crypto, local, remote, TIMESTAMP, 1)).isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldNotOpenAnInitiationFromSuchAPeer(Primitives primitives) {
    LocalIdentity local = identity(primitives);
    for (byte[] key : lowOrderKeys()) {
      RemoteIdentity remote = new RemoteIdentity(PublicKey.of(key));
      HandshakeCrypto crypto = primitives.crypto(random);
      PrivateKey ephemeral = PrivateKey.generate(random);
      byte[] ephemeralPublic = ephemeral.publicKey(crypto.x25519()).toBytes();
      byte[] es = secret(crypto, ephemeral, local.publicKey().toBytes());
      byte[] forged = forgeInitiation(crypto, local, ephemeralPublic, es, key, ZERO);
      assertThat(ResponderHandshake.open(crypto, local, initiation(forged), any -> remote))
          .isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldNotOpenAnInitiationWithSuchAnEphemeralKey(Primitives primitives) {
    LocalIdentity local = identity(primitives);
    LocalIdentity insider = identity(primitives);
    RemoteIdentity remote = new RemoteIdentity(insider.publicKey());
    HandshakeCrypto crypto = primitives.crypto(random);
    byte[] ss = secret(crypto, insider.privateKey(), local.publicKey().toBytes());
    for (byte[] key : lowOrderKeys()) {
      byte[] forged = forgeInitiation(crypto, local, key, ZERO, insider.publicKey().toBytes(), ss);
      assertThat(ResponderHandshake.open(crypto, local, initiation(forged), any -> remote))
          .isNull();
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldNotConsumeAResponseWithSuchAnEphemeralKey(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    for (byte[] key : lowOrderKeys()) {
      HandshakeCrypto crypto = primitives.crypto(random);
      InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
      ResponderHandshake opened = pair.opened(crypto, initiated.message());

      byte[] forged = forgeResponse(crypto, pair, initiated, key, ZERO, ZERO);
      assertThat(pair.consume(crypto, initiated, forged)).isNull();
      byte[] genuine = pair.answer(crypto, opened).message();
      assertThat(pair.consume(crypto, initiated, genuine)).isNotNull();
    }
  }

  /** The forgeries fail for their zeros alone: made with true secrets, they are accepted. */
  @ParameterizedTest
  @MethodSource("all")
  void shouldAcceptTheSameMessagesWithTrueSecrets(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto crypto = primitives.crypto(random);
    PrivateKey ephemeral = PrivateKey.generate(random);
    byte[] ephemeralPublic = ephemeral.publicKey(crypto.x25519()).toBytes();
    byte[] responder = pair.responder.publicKey().toBytes();
    byte[] initiator = pair.initiator.publicKey().toBytes();
    byte[] forged =
        forgeInitiation(
            crypto,
            pair.responder,
            ephemeralPublic,
            secret(crypto, ephemeral, responder),
            initiator,
            secret(crypto, pair.initiator.privateKey(), responder));
    assertThat(pair.open(crypto, forged)).isNotNull();

    InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
    byte[] remoteEphemeral = new InitiationMessage(initiated.message()).ephemeral();
    byte[] forgedResponse =
        forgeResponse(
            crypto,
            pair,
            initiated,
            ephemeralPublic,
            secret(crypto, ephemeral, remoteEphemeral),
            secret(crypto, ephemeral, initiator));
    assertThat(pair.consume(crypto, initiated, forgedResponse)).isNotNull();
  }

  private LocalIdentity identity(Primitives primitives) {
    return new LocalIdentity(PrivateKey.generate(random), primitives.x25519());
  }

  private static InitiationMessage initiation(byte[] datagram) {
    return new InitiationMessage(datagram);
  }

  private static byte[] forgeInitiation(
      HandshakeCrypto crypto,
      LocalIdentity receiver,
      byte[] ephemeral,
      byte[] es,
      byte[] remoteStatic,
      byte[] ss) {
    byte[] message = new byte[Messages.INITIATION_BYTES];
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.INITIATION);
    System.arraycopy(ephemeral, 0, message, Messages.INITIATION_EPHEMERAL_OFFSET, 32);
    SymmetricState state = SymmetricState.start(crypto, receiver.publicKey().toBytes());
    state.mixEphemeral(crypto, ephemeral);
    state.mixKey(crypto, es);
    state.seal(crypto, remoteStatic, message, Messages.INITIATION_STATIC_OFFSET);
    state.mixKey(crypto, ss);
    state.seal(crypto, TIMESTAMP, message, Messages.INITIATION_TIMESTAMP_OFFSET);
    return message;
  }

  /** Continues the true initiation, as somebody who has the responder's private key can. */
  private static byte[] forgeResponse(
      HandshakeCrypto crypto,
      Pair pair,
      InitiatorHandshake initiated,
      byte[] ephemeral,
      byte[] ee,
      byte[] se) {
    InitiationMessage initiation = new InitiationMessage(initiated.message());
    SymmetricState state = SymmetricState.start(crypto, pair.responder.publicKey().toBytes());
    PrivateKey responderKey = pair.responder.privateKey();
    state.mixEphemeral(crypto, initiation.ephemeral());
    state.mixKey(crypto, secret(crypto, responderKey, initiation.ephemeral()));
    assertThat(state.open(crypto, initiation.encryptedStatic(), new byte[32])).isTrue();
    state.mixKey(crypto, secret(crypto, responderKey, pair.initiator.publicKey().toBytes()));
    byte[] timestamp = new byte[Tai64n.BYTES];
    assertThat(state.open(crypto, initiation.encryptedTimestamp(), timestamp)).isTrue();

    byte[] message = new byte[Messages.RESPONSE_BYTES];
    Messages.putWord(message, Messages.TYPE_OFFSET, Messages.RESPONSE);
    Messages.putWord(message, Messages.RESPONSE_RECEIVER_OFFSET, initiated.localIndex());
    System.arraycopy(ephemeral, 0, message, Messages.RESPONSE_EPHEMERAL_OFFSET, 32);
    state.mixEphemeral(crypto, ephemeral);
    state.mixChain(crypto, ee);
    state.mixChain(crypto, se);
    state.mixPresharedKey(crypto, pair.psk.copyBytes());
    state.seal(crypto, new byte[0], message, Messages.RESPONSE_NOTHING_OFFSET);
    return message;
  }

  private static byte[] secret(HandshakeCrypto crypto, PrivateKey key, byte[] publicKey) {
    byte[] secret = new byte[32];
    assertThat(key.agree(crypto.x25519(), publicKey, secret)).isTrue();
    return secret;
  }
}
