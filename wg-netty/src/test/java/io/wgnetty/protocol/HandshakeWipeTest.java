package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.Tai64n;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What a handshake forgets, and when. */
final class HandshakeWipeTest {
  private static final byte[] TIMESTAMP = Tai64n.whitened(0);

  private final Random random = SeededRandom.create("HandshakeWipeTest");
  private final RecordedTranscript initiatorStates = new RecordedTranscript();
  private final RecordedTranscript responderStates = new RecordedTranscript();

  static List<Primitives> each() {
    return Primitives.each();
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldLeaveNoSecretBehindACompleteHandshake(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.random(random, x25519);
    HandshakeCrypto initiatorCrypto = crypto(primitives, x25519, initiatorStates);
    HandshakeCrypto responderCrypto = crypto(primitives, x25519, responderStates);
    InitiatorHandshake initiated = pair.initiate(initiatorCrypto, TIMESTAMP);
    ResponderHandshake opened = pair.opened(responderCrypto, initiated.message());
    assertThat(allZero(responderStates.liveArrays())).as("until the answer").isFalse();
    ResponderHandshake.Answer answer = pair.answer(responderCrypto, opened);
    assertAllZero(responderStates.liveArrays());
    assertThat(allZero(initiatorStates.liveArrays())).as("until the response").isFalse();

    TransportKeys keys =
        Objects.requireNonNull(pair.consume(initiatorCrypto, initiated, answer.message()));
    assertAllZero(initiatorStates.liveArrays());
    pair.initiatorAsPeer.wipe();
    pair.responderAsPeer.wipe();
    assertAllZero(x25519.liveArrays());

    assertThat(keys.sendKey()).isNotEqualTo(new byte[32]);
    keys.wipe();
    assertThat(keys.sendKey()).containsOnly(0);
    assertThat(keys.receiveKey()).containsOnly(0);
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldLeaveNoSecretBehindARefusedInitiation(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.random(random, x25519);
    HandshakeCrypto initiatorCrypto = crypto(primitives, x25519, initiatorStates);
    HandshakeCrypto responderCrypto = crypto(primitives, x25519, responderStates);
    InitiatorHandshake initiated = pair.initiate(initiatorCrypto, TIMESTAMP);
    for (int changedByte : new int[] {8, 40, 88, 115}) {
      byte[] changed = initiated.message().clone();
      changed[changedByte] ^= 1;
      assertThat(pair.open(responderCrypto, changed)).isNull();
    }
    InitiationMessage message = new InitiationMessage(initiated.message());
    assertThat(ResponderHandshake.open(responderCrypto, pair.responder, message, stranger -> null))
        .isNull();
    assertAllZero(responderStates.liveArrays());
    initiated.wipe();
    pair.initiatorAsPeer.wipe();
    pair.responderAsPeer.wipe();
    assertAllZero(initiatorStates.liveArrays());
    assertAllZero(x25519.liveArrays());
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldLeaveNoSecretBehindARefusedResponse(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto plain = primitives.crypto(random);
    InitiatorHandshake initiated = pair.initiate(plain, TIMESTAMP);
    byte[] response = pair.answer(plain, pair.opened(plain, initiated.message())).message();
    HandshakeCrypto observed = primitives.crypto(random, initiatorStates);
    response[44] ^= 1;
    assertThat(pair.consume(observed, initiated, response)).isNull();
    assertAllZero(initiatorStates.liveArrays());
    response[44] ^= 1;
    assertThat(pair.consume(observed, initiated, response)).isNotNull();
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldConsumeOneResponseOnly(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto crypto = primitives.crypto(random);
    InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
    byte[] response = pair.answer(crypto, pair.opened(crypto, initiated.message())).message();
    assertThat(pair.consume(crypto, initiated, response)).isNotNull();
    assertThat(pair.consume(crypto, initiated, response)).isNull();
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldAnswerOnceOnly(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto crypto = primitives.crypto(random);
    ResponderHandshake opened = pair.opened(crypto, pair.initiate(crypto, TIMESTAMP).message());
    assertThat(opened.respond(crypto, pair.psk, 1)).isNotNull();
    assertThat(opened.respond(crypto, pair.psk, 2)).isNull();
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldBeOfNoUseOnceWiped(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto crypto = primitives.crypto(random);
    InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
    ResponderHandshake opened = pair.opened(crypto, initiated.message());
    ResponderHandshake unanswered = pair.opened(crypto, initiated.message());
    byte[] response = pair.answer(crypto, opened).message();
    initiated.wipe();
    unanswered.wipe();
    assertThat(pair.consume(crypto, initiated, response)).isNull();
    assertThat(unanswered.respond(crypto, pair.psk, 1)).isNull();
  }

  /** Wiped secrets are zeros that everybody knows: nothing may be built from them. */
  @ParameterizedTest
  @MethodSource("each")
  void shouldProduceNothingFromWipedKeys(Primitives primitives) {
    Pair pair = Pair.random(random, primitives.x25519());
    HandshakeCrypto crypto = primitives.crypto(random);
    PresharedKey psk = PresharedKey.generate(random);
    InitiatorHandshake initiated = pair.initiate(crypto, TIMESTAMP);
    ResponderHandshake first = pair.opened(crypto, initiated.message());
    ResponderHandshake second = pair.opened(crypto, initiated.message());
    ResponderHandshake.Answer answer =
        Objects.requireNonNull(first.respond(crypto, psk, Pair.RESPONDER_INDEX));
    ResponseMessage response = new ResponseMessage(answer.message());

    PresharedKey wiped = PresharedKey.of(psk.copyBytes());
    wiped.wipe();
    assertThat(second.respond(crypto, wiped, 1)).isNull();
    assertThat(initiated.consume(crypto, response, wiped)).isNull();

    pair.initiator.privateKey().wipe();
    assertThat(initiated.consume(crypto, response, psk)).isNull();
    pair.responder.privateKey().wipe();
    assertThat(pair.open(crypto, initiated.message())).isNull();
    pair.responderAsPeer.wipe();
    assertThat(
            InitiatorHandshake.create(crypto, pair.initiator, pair.responderAsPeer, TIMESTAMP, 1))
        .isNull();
  }

  private HandshakeCrypto crypto(
      Primitives primitives, RecordedX25519 x25519, TranscriptObserver observer) {
    return new HandshakeCrypto(x25519, primitives.aead().create(), random, observer);
  }

  private static void assertAllZero(List<byte[]> arrays) {
    assertThat(arrays).isNotEmpty();
    assertThat(allZero(arrays)).isTrue();
  }

  private static boolean allZero(List<byte[]> arrays) {
    return arrays.stream().allMatch(array -> Arrays.equals(array, new byte[array.length]));
  }
}
