package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.Blake2s;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.crypto.Kdf;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.Tai64n;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Every value of the published handshakes, in both roles, step by step. */
final class HandshakeVectorTest {
  private static final JsonObject INPUTS = HandshakeVector.INPUTS;
  private static final JsonObject INITIATION = HandshakeVector.INITIATION;
  private static final JsonObject RESPONSE = HandshakeVector.RESPONSE;
  private static final HexFormat HEX = HexFormat.of();

  private final RecordedTranscript transcript = new RecordedTranscript();

  static List<Primitives> all() {
    return Primitives.all();
  }

  @Test
  void shouldBeginWithThePublishedConstants() {
    JsonObject constants = HandshakeVector.WITH_PSK.getAsJsonObject("constants");
    assertThat(SymmetricState.CONSTRUCTION).isEqualTo(VectorFile.text(constants, "construction"));
    assertThat(SymmetricState.IDENTIFIER).isEqualTo(VectorFile.text(constants, "identifier"));
    byte[] chainingKey =
        Blake2s.hash(SymmetricState.CONSTRUCTION.getBytes(StandardCharsets.US_ASCII));
    assertThat(chainingKey).isEqualTo(VectorFile.hex(constants, "initial_chaining_key"));
    assertThat(
            Blake2s.hash(
                chainingKey, SymmetricState.IDENTIFIER.getBytes(StandardCharsets.US_ASCII)))
        .isEqualTo(VectorFile.hex(constants, "initial_hash"));
  }

  @Test
  void shouldStampTheVectorsTime() {
    long seconds = INPUTS.get("unix_seconds").getAsLong();
    long raw = INPUTS.get("nanoseconds_raw").getAsLong();
    long whitened = INPUTS.get("nanoseconds_whitened").getAsLong();
    byte[] expected = HandshakeVector.input("tai64n_timestamp");
    assertThat(Tai64n.whitened(seconds * 1_000_000_000 + raw)).isEqualTo(expected);
    assertThat(Tai64n.whitened(seconds * 1_000_000_000 + whitened)).isEqualTo(expected);
    assertThat(INPUTS.get("initiator_index").getAsLong()).isEqualTo(Pair.INITIATOR_INDEX);
    assertThat((int) INPUTS.get("responder_index").getAsLong()).isEqualTo(Pair.RESPONDER_INDEX);
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldInitiateAsTheVectorSays(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.ofVector(x25519);
    byte[] message = initiate(primitives, x25519, pair).message();

    transcript.assertMatches(VectorFile.objects(INITIATION, "transcript"));
    assertThat(x25519.takeSecrets()).containsExactlyInAnyOrderElementsOf(secretsOf(INITIATION));
    new CookieJar(pair.responderAsPeer).stamp(message, 0);
    assertThat(message).isEqualTo(VectorFile.hex(INITIATION, "message"));
    assertThat(message).hasSize(INITIATION.get("length").getAsInt());
    assertThat(pair.responderAsPeer.mac1Key())
        .isEqualTo(pair.responder.mac1Key())
        .isEqualTo(VectorFile.hex(INITIATION, "mac1_key"));
    assertFields(
        INITIATION,
        message,
        "type_and_reserved",
        "sender_index_bytes",
        "unencrypted_ephemeral",
        "encrypted_static",
        "encrypted_timestamp",
        "mac1",
        "mac2");
    List<JsonObject> steps = VectorFile.objects(INITIATION, "transcript");
    assertThat(ciphertexts(steps))
        .containsExactly(HEX.formatHex(message, 40, 88), HEX.formatHex(message, 88, 116));
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldOpenTheInitiationAsTheVectorSays(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.ofVector(x25519);
    byte[] datagram = VectorFile.hex(INITIATION, "message");
    CookieChecker checker =
        new CookieChecker(pair.responder, primitives.aead().create(), new ScriptedRandom());
    assertThat(checker.checkMac1(datagram)).isTrue();

    ResponderHandshake handshake = pair.opened(crypto(primitives, x25519), datagram);

    transcript.assertMatches(VectorFile.objects(INITIATION, "transcript"));
    assertThat(x25519.takeSecrets()).containsExactlyElementsOf(secretsOf(INITIATION));
    assertThat(handshake.remote()).isSameAs(pair.initiatorAsPeer);
    assertThat(handshake.timestamp()).isEqualTo(HandshakeVector.input("tai64n_timestamp"));
    assertThat(handshake.remoteIndex()).isEqualTo(Pair.INITIATOR_INDEX);
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldRespondAsTheVectorSays(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.ofVector(x25519);
    byte[] message = respond(primitives, x25519, pair, pair.psk).message();

    transcript.assertMatches(VectorFile.objects(RESPONSE, "transcript"));
    assertTau(VectorFile.objects(RESPONSE, "transcript"));
    assertThat(x25519.takeSecrets()).containsExactlyElementsOf(secretsOf(RESPONSE));
    assertThat(transcript.lastChainingKey())
        .isEqualTo(VectorFile.text(transportKeys(), "final_chaining_key"));
    assertThat(transcript.lastHash()).isEqualTo(VectorFile.text(transportKeys(), "final_hash"));
    new CookieJar(pair.initiatorAsPeer).stamp(message, 0);
    assertThat(message).isEqualTo(VectorFile.hex(RESPONSE, "message"));
    assertThat(message).hasSize(RESPONSE.get("length").getAsInt());
    assertThat(pair.initiatorAsPeer.mac1Key())
        .isEqualTo(pair.initiator.mac1Key())
        .isEqualTo(VectorFile.hex(RESPONSE, "mac1_key"));
    assertFields(
        RESPONSE,
        message,
        "type_and_reserved",
        "sender_index_bytes",
        "receiver_index_bytes",
        "unencrypted_ephemeral",
        "encrypted_nothing",
        "mac1",
        "mac2");
    assertThat(ciphertexts(VectorFile.objects(RESPONSE, "transcript")))
        .containsExactly(HEX.formatHex(message, 44, 60));
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldDeriveTheVectorsTransportKeysInBothRoles(Primitives primitives) {
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.ofVector(x25519);
    TransportKeys ofResponder = respond(primitives, x25519, pair, pair.psk).keys();

    InitiatorHandshake handshake = initiate(primitives, x25519, pair);
    transcript.clear();
    x25519.takeSecrets();
    TransportKeys ofInitiator =
        Objects.requireNonNull(
            pair.consume(
                crypto(primitives, x25519), handshake, VectorFile.hex(RESPONSE, "message")));
    transcript.assertMatches(VectorFile.objects(RESPONSE, "transcript"));
    assertThat(x25519.takeSecrets()).containsExactlyElementsOf(secretsOf(RESPONSE));

    assertKeys(
        ofInitiator,
        ofResponder,
        VectorFile.hex(transportKeys(), "initiator_send_responder_receive"),
        VectorFile.hex(transportKeys(), "initiator_receive_responder_send"));
    try (Aead aead = primitives.aead().create()) {
      assertPackets(aead, ofInitiator, ofResponder, "transport_initiator_to_responder");
      assertPackets(aead, ofResponder, ofInitiator, "transport_responder_to_initiator");
    }
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldRunTheVectorWithoutPresharedKeyInBothRoles(Primitives primitives) {
    JsonObject vector = HandshakeVector.WITHOUT_PSK;
    RecordedX25519 x25519 = new RecordedX25519(primitives.x25519());
    Pair pair = Pair.ofVector(x25519);
    ResponderHandshake.Answer answer = respond(primitives, x25519, pair, PresharedKey.none());
    byte[] message = answer.message();
    List<JsonObject> steps = VectorFile.objects(vector, "transcript_response");
    transcript.assertMatches(steps);
    assertTau(steps);
    assertThat(x25519.takeSecrets()).containsExactlyElementsOf(secrets(steps));
    assertThat(ciphertexts(steps)).containsExactly(HEX.formatHex(message, 44, 60));
    assertThat(HEX.formatHex(message, 12, 44)).isEqualTo(VectorFile.text(steps.get(0), "E_r"));
    assertThat(transcript.lastChainingKey())
        .isEqualTo(VectorFile.text(vector, "final_chaining_key"));
    assertThat(transcript.lastHash()).isEqualTo(VectorFile.text(vector, "final_hash"));
    new CookieJar(pair.initiatorAsPeer).stamp(message, 0);
    assertThat(message).isEqualTo(VectorFile.hex(vector, "response"));

    InitiatorHandshake handshake = initiate(primitives, x25519, pair);
    transcript.clear();
    ResponseMessage response =
        (ResponseMessage) Objects.requireNonNull(HandshakeMessage.parse(message));
    HandshakeCrypto crypto = crypto(primitives, x25519);
    assertThat(handshake.consume(crypto, response, pair.psk)).as("another psk").isNull();
    transcript.clear();
    TransportKeys keys =
        Objects.requireNonNull(handshake.consume(crypto, response, PresharedKey.none()));
    transcript.assertMatches(steps);
    assertKeys(
        keys,
        answer.keys(),
        VectorFile.hex(vector, "initiator_send_responder_receive"),
        VectorFile.hex(vector, "initiator_receive_responder_send"));
    try (Aead aead = primitives.aead().create()) {
      byte[] keepalive = VectorFile.hex(vector, "first_keepalive_initiator_to_responder");
      assertThat(packet(aead, keys, 0, new byte[0])).isEqualTo(keepalive);
    }
  }

  private static JsonObject transportKeys() {
    return HandshakeVector.WITH_PSK.getAsJsonObject("transport_keys");
  }

  private HandshakeCrypto crypto(
      Primitives primitives, RecordedX25519 x25519, byte[]... randomBytes) {
    return new HandshakeCrypto(
        x25519, primitives.aead().create(), new ScriptedRandom(randomBytes), transcript);
  }

  private InitiatorHandshake initiate(Primitives primitives, RecordedX25519 x25519, Pair pair) {
    byte[] ephemeral = HandshakeVector.input("initiator_ephemeral_private");
    assertThat(PrivateKey.of(ephemeral).publicKey(x25519))
        .isEqualTo(PublicKey.of(HandshakeVector.input("initiator_ephemeral_public")));
    return pair.initiate(
        crypto(primitives, x25519, ephemeral), HandshakeVector.input("tai64n_timestamp"));
  }

  /** Leaves only the response in the transcript. */
  private ResponderHandshake.Answer respond(
      Primitives primitives, RecordedX25519 x25519, Pair pair, PresharedKey psk) {
    HandshakeCrypto crypto =
        crypto(primitives, x25519, HandshakeVector.input("responder_ephemeral_private"));
    ResponderHandshake opened = pair.opened(crypto, VectorFile.hex(INITIATION, "message"));
    transcript.clear();
    x25519.takeSecrets();
    return Objects.requireNonNull(opened.respond(crypto, psk, Pair.RESPONDER_INDEX));
  }

  private static void assertKeys(
      TransportKeys ofInitiator, TransportKeys ofResponder, byte[] forth, byte[] back) {
    assertThat(ofInitiator.sendKey()).isEqualTo(forth);
    assertThat(ofResponder.receiveKey()).isEqualTo(forth);
    assertThat(ofInitiator.receiveKey()).isEqualTo(back);
    assertThat(ofResponder.sendKey()).isEqualTo(back);
    assertThat(ofInitiator.initiator()).isTrue();
    assertThat(ofResponder.initiator()).isFalse();
    assertThat(ofInitiator.localIndex()).isEqualTo(Pair.INITIATOR_INDEX);
    assertThat(ofInitiator.remoteIndex()).isEqualTo(Pair.RESPONDER_INDEX);
    assertThat(ofResponder.localIndex()).isEqualTo(Pair.RESPONDER_INDEX);
    assertThat(ofResponder.remoteIndex()).isEqualTo(Pair.INITIATOR_INDEX);
  }

  private static void assertPackets(
      Aead aead, TransportKeys sender, TransportKeys receiver, String name) {
    List<JsonObject> packets = VectorFile.objects(HandshakeVector.WITH_PSK, name);
    assertThat(packets).isNotEmpty();
    for (JsonObject vector : packets) {
      long counter = vector.get("counter").getAsBigInteger().longValue();
      byte[] inner = VectorFile.hex(vector, "inner");
      byte[] padded = Arrays.copyOf(inner, vector.get("padded_len").getAsInt());
      byte[] expected = VectorFile.hex(vector, "message");
      assertThat(packet(aead, sender, counter, padded)).isEqualTo(expected);

      byte[] opened = new byte[padded.length];
      int header = Messages.TRANSPORT_HEADER_BYTES;
      assertThat(
              aead.open(
                  receiver.receiveKey(),
                  counter,
                  new byte[0],
                  expected,
                  header,
                  expected.length - header,
                  opened,
                  0))
          .isTrue();
      assertThat(opened).isEqualTo(padded);
    }
  }

  private static byte[] packet(Aead aead, TransportKeys sender, long counter, byte[] padded) {
    byte[] packet = new byte[Messages.TRANSPORT_OVERHEAD_BYTES + padded.length];
    Messages.putWord(packet, Messages.TYPE_OFFSET, Messages.TRANSPORT);
    Messages.putWord(packet, Messages.TRANSPORT_RECEIVER_OFFSET, sender.remoteIndex());
    Messages.putWord(packet, Messages.TRANSPORT_COUNTER_OFFSET, (int) counter);
    Messages.putWord(packet, Messages.TRANSPORT_COUNTER_OFFSET + 4, (int) (counter >>> 32));
    aead.seal(
        sender.sendKey(), counter, new byte[0], padded, packet, Messages.TRANSPORT_HEADER_BYTES);
    return packet;
  }

  /** The fields of a message follow each other without gaps, so joined they are the message. */
  private static void assertFields(JsonObject vector, byte[] message, String... fields) {
    StringBuilder joined = new StringBuilder();
    for (String field : fields) {
      joined.append(VectorFile.text(vector, field));
    }
    assertThat(HEX.formatHex(message)).isEqualTo(joined.toString());
  }

  /** tau shows itself only in the hash, so it is derived once more from the published inputs. */
  private static void assertTau(List<JsonObject> steps) {
    JsonObject se = steps.get(2);
    JsonObject psk = steps.get(3);
    byte[][] outs = new byte[3][32];
    new Kdf(new Blake2sState()).derive(VectorFile.hex(se, "ck"), VectorFile.hex(psk, "psk"), outs);
    assertThat(outs[0]).isEqualTo(VectorFile.hex(psk, "ck"));
    assertThat(outs[1]).isEqualTo(VectorFile.hex(psk, "tau"));
    assertThat(outs[2]).isEqualTo(VectorFile.hex(psk, "k"));
  }

  private static List<String> secretsOf(JsonObject message) {
    return secrets(VectorFile.objects(message, "transcript"));
  }

  private static List<String> secrets(List<JsonObject> steps) {
    return values(steps, "dh");
  }

  private static List<String> ciphertexts(List<JsonObject> steps) {
    return values(steps, "ciphertext");
  }

  private static List<String> values(List<JsonObject> steps, String key) {
    List<String> values =
        steps.stream()
            .filter(step -> step.has(key))
            .map(step -> step.get(key))
            .map(JsonElement::getAsString)
            .toList();
    assertThat(values).isNotEmpty();
    return values;
  }
}
