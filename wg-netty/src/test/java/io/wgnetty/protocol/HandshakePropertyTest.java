package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.crypto.Tai64n;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for any handshake and for any change of any bit in its messages. */
final class HandshakePropertyTest {
  private static final int ROUNDS = 25;

  static List<Primitives> all() {
    return Primitives.all();
  }

  static List<Primitives> each() {
    return Primitives.each();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldGiveBothSidesTheSameKeys(Primitives primitives) {
    Random random = SeededRandom.create("shouldGiveBothSidesTheSameKeys");
    HandshakeCrypto crypto = primitives.crypto(random);
    for (int round = 0; round < ROUNDS; round++) {
      Pair pair = Pair.random(random, primitives.x25519());
      byte[] timestamp = Tai64n.whitened(random.nextLong(Long.MAX_VALUE));
      InitiatorHandshake initiated = pair.initiate(crypto, timestamp);
      ResponderHandshake opened = pair.opened(crypto, initiated.message());
      assertThat(opened.timestamp()).isEqualTo(timestamp);
      assertThat(opened.remote().publicKey()).isEqualTo(pair.initiator.publicKey());
      assertThat(opened.remoteIndex()).isEqualTo(initiated.localIndex());

      ResponderHandshake.Answer answer = pair.answer(crypto, opened);
      TransportKeys keys =
          Objects.requireNonNull(pair.consume(crypto, initiated, answer.message()));
      assertThat(keys.sendKey())
          .isEqualTo(answer.keys().receiveKey())
          .isNotEqualTo(keys.receiveKey());
      assertThat(keys.receiveKey()).isEqualTo(answer.keys().sendKey());
      assertThat(keys.localIndex()).isEqualTo(answer.keys().remoteIndex());
      assertThat(keys.remoteIndex()).isEqualTo(answer.keys().localIndex());
    }
  }

  /**
   * As received, not under load: each bit is covered by mac1 at least, except for those of mac2,
   * which only a loaded receiver reads.
   */
  @ParameterizedTest
  @MethodSource("each")
  void shouldRefuseEveryChangedBitOfAnInitiationExceptMac2(Primitives primitives) {
    Random random = SeededRandom.create("shouldRefuseEveryChangedBitOfAnInitiationExceptMac2");
    HandshakeCrypto crypto = primitives.crypto(random);
    Pair pair = Pair.random(random, primitives.x25519());
    CookieChecker checker = new CookieChecker(pair.responder, crypto.aead(), random);
    byte[] message = pair.initiate(crypto, Tai64n.whitened(0)).message();
    new CookieJar(pair.responderAsPeer).stamp(message, 0);
    for (int bit = 0; bit < 8 * message.length; bit++) {
      byte[] changed = flipped(message, bit);
      boolean accepted =
          HandshakeMessage.parse(changed) != null
              && checker.checkMac1(changed)
              && pair.open(crypto, changed) != null;
      assertThat(accepted).as("bit %d of byte %d", bit % 8, bit / 8).isEqualTo(bit / 8 >= 132);
    }
  }

  /**
   * Of somebody who can compute mac1, because the public key is known: only the sender index is not
   * part of the transcript (protocol 2.5), and an initiation under another index is what he could
   * have caused anyway.
   */
  @ParameterizedTest
  @MethodSource("each")
  void shouldRefuseEveryChangedBitOfAnInitiationUnderANewMac1(Primitives primitives) {
    Random random = SeededRandom.create("shouldRefuseEveryChangedBitOfAnInitiationUnderANewMac1");
    HandshakeCrypto crypto = primitives.crypto(random);
    Pair pair = Pair.random(random, primitives.x25519());
    byte[] message = pair.initiate(crypto, Tai64n.whitened(0)).message();
    for (int bit = 0; bit < 8 * 116; bit++) {
      byte[] changed = flipped(message, bit);
      Pair.refreshMac1(changed, pair.responder);
      ResponderHandshake opened = pair.open(crypto, changed);
      if (bit / 8 >= 4 && bit / 8 < 8) {
        assertThat(Objects.requireNonNull(opened).remoteIndex())
            .isEqualTo(Pair.INITIATOR_INDEX ^ (1 << (bit - 32)));
      } else {
        assertThat(opened).as("bit %d of byte %d", bit % 8, bit / 8).isNull();
      }
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldRefuseEveryChangedBitOfAResponseExceptMac2(Primitives primitives) {
    Random random = SeededRandom.create("shouldRefuseEveryChangedBitOfAResponseExceptMac2");
    HandshakeCrypto crypto = primitives.crypto(random);
    Pair pair = Pair.random(random, primitives.x25519());
    CookieChecker checker = new CookieChecker(pair.initiator, crypto.aead(), random);
    InitiatorHandshake initiated = pair.initiate(crypto, Tai64n.whitened(0));
    byte[] message = pair.answer(crypto, pair.opened(crypto, initiated.message())).message();
    new CookieJar(pair.initiatorAsPeer).stamp(message, 0);
    for (int bit = 0; bit < 8 * 76; bit++) {
      byte[] changed = flipped(message, bit);
      assertThat(HandshakeMessage.parse(changed) != null && checker.checkMac1(changed))
          .as("bit %d of byte %d", bit % 8, bit / 8)
          .isFalse();
    }
    for (int bit = 8 * 76; bit < 8 * 92; bit++) {
      assertThat(checker.checkMac1(flipped(message, bit))).isTrue();
    }
    assertThat(pair.consume(crypto, initiated, flipped(message, 8 * 92 - 1))).isNotNull();
  }

  /** As for initiations: only the responder's own index is outside of the transcript. */
  @ParameterizedTest
  @MethodSource("each")
  void shouldRefuseEveryChangedBitOfAResponseUnderANewMac1(Primitives primitives) {
    Random random = SeededRandom.create("shouldRefuseEveryChangedBitOfAResponseUnderANewMac1");
    HandshakeCrypto crypto = primitives.crypto(random);
    Pair pair = Pair.random(random, primitives.x25519());
    InitiatorHandshake initiated = pair.initiate(crypto, Tai64n.whitened(0));
    byte[] message = pair.answer(crypto, pair.opened(crypto, initiated.message())).message();
    for (int bit = 0; bit < 8 * 60; bit++) {
      if (bit / 8 >= 4 && bit / 8 < 8) {
        continue; // below: it would end the attempt
      }
      byte[] changed = flipped(message, bit);
      Pair.refreshMac1(changed, pair.initiator);
      assertThat(pair.consume(crypto, initiated, changed))
          .as("bit %d of byte %d", bit % 8, bit / 8)
          .isNull();
    }
    // None of the 448 forgeries ended the attempt.
    assertThat(pair.consume(crypto, initiated, message)).isNotNull();

    for (int bit = 8 * 4; bit < 8 * 8; bit++) {
      InitiatorHandshake again = pair.initiate(crypto, Tai64n.whitened(0));
      byte[] answer = pair.answer(crypto, pair.opened(crypto, again.message())).message();
      TransportKeys keys =
          Objects.requireNonNull(pair.consume(crypto, again, flipped(answer, bit)));
      assertThat(keys.remoteIndex()).isEqualTo(Pair.RESPONDER_INDEX ^ (1 << (bit - 32)));
    }
  }

  @ParameterizedTest
  @MethodSource("each")
  void shouldRefuseEveryOtherPairsMessages(Primitives primitives) {
    Random random = SeededRandom.create("shouldRefuseEveryOtherPairsMessages");
    HandshakeCrypto crypto = primitives.crypto(random);
    Pair pair = Pair.random(random, primitives.x25519());
    Pair other = Pair.random(random, primitives.x25519());
    InitiatorHandshake initiated = pair.initiate(crypto, Tai64n.whitened(0));
    InitiatorHandshake elsewhere = other.initiate(crypto, Tai64n.whitened(0));
    assertThat(other.open(crypto, initiated.message())).isNull();

    byte[] answer = other.answer(crypto, other.opened(crypto, elsewhere.message())).message();
    assertThat(pair.consume(crypto, initiated, answer)).isNull();
    InitiatorHandshake later = pair.initiate(crypto, Tai64n.whitened(0));
    byte[] late = pair.answer(crypto, pair.opened(crypto, initiated.message())).message();
    assertThat(pair.consume(crypto, later, late)).as("answer to an earlier attempt").isNull();
  }

  private static byte[] flipped(byte[] message, int bit) {
    byte[] changed = message.clone();
    changed[bit / 8] ^= (byte) (1 << bit % 8);
    return changed;
  }
}
