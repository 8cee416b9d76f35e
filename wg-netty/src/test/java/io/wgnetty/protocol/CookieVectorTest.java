package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.PublicKey;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value of {@code cookie.json}; those of the cipher inside are tested with the cipher. */
final class CookieVectorTest {
  private static final JsonObject VECTOR = VectorFile.object("cookie");
  private static final JsonObject TO_RESPONSE = VECTOR.getAsJsonObject("reply_to_response");
  private static final JsonObject WITH_MAC2 = VECTOR.getAsJsonObject("same_initiation_with_mac2");
  private static final JsonObject RETRANSMITTED =
      VECTOR.getAsJsonObject("retransmitted_initiation");

  private static final Endpoint SOURCE =
      Endpoint.of(
          IpText.parse(VectorFile.text(VECTOR, "source_ipv4")),
          VECTOR.get("source_port").getAsInt(),
          0);

  static List<Primitives> all() {
    return Primitives.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldMakeCookiesOfSourcesAsTheVectorSays(Primitives primitives) {
    Pair pair = Pair.ofVector(primitives.x25519());
    assertThat(pair.responder.publicKey())
        .isEqualTo(PublicKey.of(VectorFile.hex(VECTOR, "responder_static_public")));
    assertThat(pair.responder.mac1Key()).isEqualTo(VectorFile.hex(VECTOR, "mac1_key"));
    assertThat(pair.responder.cookieKey())
        .isEqualTo(pair.responderAsPeer.cookieKey())
        .isEqualTo(VectorFile.hex(VECTOR, "cookie_encryption_key"));
    assertThat(SOURCE.sourceBytes()).isEqualTo(VectorFile.hex(VECTOR, "source_bytes"));

    byte[] secret = VectorFile.hex(VECTOR, "cookie_secret");
    assertThat(mac(secret, SOURCE.sourceBytes())).isEqualTo(VectorFile.hex(VECTOR, "cookie"));
    byte[] ipv6 = VectorFile.hex(VECTOR, "source6_bytes");
    Endpoint source6 = Endpoint.of(Arrays.copyOf(ipv6, 16), 51820, 0);
    assertThat(source6.sourceBytes()).isEqualTo(ipv6);
    assertThat(mac(secret, ipv6)).isEqualTo(VectorFile.hex(VECTOR, "cookie_for_ipv6_2001_db8__1"));

    // The checker makes the same two: it accepts their mac2.
    CookieChecker checker = loadedResponder(primitives, pair);
    byte[] message = VectorFile.hex(VECTOR, "received_initiation");
    checker.reply(message, SOURCE, 0);
    assertThat(checker.checkMac2(underCookie(message, "cookie"), SOURCE, 0)).isTrue();
    byte[] of6 = underCookie(message, "cookie_for_ipv6_2001_db8__1");
    assertThat(checker.checkMac2(of6, source6, 0)).isTrue();
    assertThat(checker.checkMac2(of6, SOURCE, 0)).isFalse();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldReplyToAnInitiationAsTheVectorSays(Primitives primitives) {
    Pair pair = Pair.ofVector(primitives.x25519());
    CookieChecker checker = loadedResponder(primitives, pair);
    byte[] message = VectorFile.hex(VECTOR, "received_initiation");
    assertThat(checker.checkMac1(message)).isTrue();
    assertThat(checker.checkMac2(message, SOURCE, 0)).isFalse();
    assertThat(Arrays.copyOfRange(message, 116, 132))
        .isEqualTo(VectorFile.hex(VECTOR, "received_mac1"));

    byte[] reply = checker.reply(message, SOURCE, 0);
    assertThat(reply).isEqualTo(VectorFile.hex(VECTOR, "cookie_reply_message"));
    assertThat(Arrays.copyOfRange(reply, 8, 32)).isEqualTo(VectorFile.hex(VECTOR, "nonce"));
    assertThat(Arrays.copyOfRange(reply, 32, 64))
        .isEqualTo(VectorFile.hex(VECTOR, "encrypted_cookie"));
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldSendTheNextInitiationWithTheCookie(Primitives primitives) {
    Pair pair = Pair.ofVector(primitives.x25519());
    CookieChecker checker = loadedResponder(primitives, pair);
    CookieJar jar = new CookieJar(pair.responderAsPeer);
    byte[] first = VectorFile.hex(VECTOR, "received_initiation");
    byte[] sent = first.clone();
    jar.stamp(sent, 0);
    assertThat(sent).isEqualTo(first);
    checker.reply(sent, SOURCE, 0);
    try (Aead aead = primitives.aead().create()) {
      assertThat(jar.consume(cookieReply(VECTOR), aead, 0)).isTrue();
    }

    jar.stamp(sent, 0);
    assertThat(sent).isEqualTo(VectorFile.hex(WITH_MAC2, "message"));
    assertMacs(sent, WITH_MAC2);
    assertThat(checker.checkMac2(sent, SOURCE, 0)).isTrue();

    HandshakeCrypto crypto =
        primitives.crypto(
            new ScriptedRandom(VectorFile.hex(RETRANSMITTED, "initiator_ephemeral_private")));
    InitiatorHandshake retransmitted =
        Objects.requireNonNull(
            InitiatorHandshake.create(
                crypto,
                pair.initiator,
                pair.responderAsPeer,
                VectorFile.hex(RETRANSMITTED, "tai64n_timestamp"),
                RETRANSMITTED.get("initiator_index").getAsInt()));
    byte[] message = retransmitted.message();
    jar.stamp(message, 0);
    assertThat(message).isEqualTo(VectorFile.hex(RETRANSMITTED, "message"));
    assertMacs(message, RETRANSMITTED);
    assertThat(checker.checkMac1(message)).isTrue();
    assertThat(checker.checkMac2(message, SOURCE, 0)).isTrue();
  }

  /**
   * An initiator under load may answer the response, with the responder as the one to come back.
   */
  @ParameterizedTest
  @MethodSource("all")
  void shouldReplyToAResponseAsTheVectorSays(Primitives primitives) {
    Pair pair = Pair.ofVector(primitives.x25519());
    byte[] sourceBytes = VectorFile.hex(TO_RESPONSE, "source_bytes");
    Endpoint source = Endpoint.of(Arrays.copyOf(sourceBytes, 4), 12345, 0);
    assertThat(source.sourceBytes()).isEqualTo(sourceBytes);
    byte[] cookie = VectorFile.hex(TO_RESPONSE, "cookie");
    assertThat(mac(VectorFile.hex(TO_RESPONSE, "cookie_secret"), sourceBytes)).isEqualTo(cookie);

    byte[] response = VectorFile.hex(HandshakeVector.RESPONSE, "message");
    CookieJar jar = new CookieJar(pair.initiatorAsPeer);
    jar.stamp(response, 0);
    assertThat(Arrays.copyOfRange(response, 60, 76)).isEqualTo(VectorFile.hex(TO_RESPONSE, "mac1"));
    CookieChecker checker =
        checker(
            primitives,
            pair.initiator,
            VectorFile.hex(TO_RESPONSE, "cookie_secret"),
            VectorFile.hex(TO_RESPONSE, "nonce"));
    assertThat(checker.checkMac1(response)).isTrue();
    assertThat(checker.reply(response, source, 0))
        .isEqualTo(VectorFile.hex(TO_RESPONSE, "cookie_reply_message"));

    CookieReplyMessage reply = cookieReply(TO_RESPONSE);
    assertThat(reply.receiverIndex()).isEqualTo(Pair.RESPONDER_INDEX);
    assertThat(reply.nonce()).isEqualTo(VectorFile.hex(TO_RESPONSE, "nonce"));
    try (Aead aead = primitives.aead().create()) {
      assertThat(jar.consume(reply, aead, 0)).isTrue();
    }
    jar.stamp(response, 0);
    assertThat(checker.checkMac2(response, source, 0)).isTrue();
    assertThat(Arrays.copyOfRange(response, 76, 92))
        .isEqualTo(mac(cookie, Arrays.copyOf(response, 76)));
  }

  private static CookieChecker loadedResponder(Primitives primitives, Pair pair) {
    return checker(
        primitives,
        pair.responder,
        VectorFile.hex(VECTOR, "cookie_secret"),
        VectorFile.hex(VECTOR, "nonce"));
  }

  private static CookieChecker checker(
      Primitives primitives, LocalIdentity local, byte[] secret, byte[] nonce) {
    byte[] nonces = Arrays.copyOf(nonce, NonceSource.DRAWN_BYTES);
    RandomGenerator random = new ScriptedRandom(secret, nonces);
    return new CookieChecker(local, primitives.aead().create(), random);
  }

  private static CookieReplyMessage cookieReply(JsonObject vector) {
    return (CookieReplyMessage)
        Objects.requireNonNull(
            HandshakeMessage.parse(VectorFile.hex(vector, "cookie_reply_message")));
  }

  private static void assertMacs(byte[] message, JsonObject vector) {
    assertThat(Arrays.copyOfRange(message, 116, 132)).isEqualTo(VectorFile.hex(vector, "mac1"));
    assertThat(Arrays.copyOfRange(message, 132, 148)).isEqualTo(VectorFile.hex(vector, "mac2"));
  }

  private static byte[] underCookie(byte[] message, String cookie) {
    byte[] stamped = message.clone();
    Blake2s.mac(VectorFile.hex(VECTOR, cookie), message, 0, 132, stamped, 132);
    return stamped;
  }

  private static byte[] mac(byte[] key, byte[] data) {
    byte[] mac = new byte[16];
    Blake2s.mac(key, data, 0, data.length, mac, 0);
    return mac;
  }
}
