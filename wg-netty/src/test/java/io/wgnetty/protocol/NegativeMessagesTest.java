package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.fail;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.Aead;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Messages that must be refused, each at the stage that the vector names, and the two exceptions.
 */
final class NegativeMessagesTest {
  private static final byte[] TIMESTAMP = HandshakeVector.input("tai64n_timestamp");

  static List<Primitives> all() {
    return Primitives.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldMeetTheExpectedFate(Primitives primitives) {
    List<JsonObject> vectors = VectorFile.array("negative");
    assertThat(vectors).hasSize(19);
    for (JsonObject vector : vectors) {
      String name = VectorFile.text(vector, "name");
      byte[] datagram = VectorFile.hex(vector, "message");
      String expect = VectorFile.text(vector, "expect");
      if (name.startsWith("transport")) {
        assertTransport(primitives, name, datagram, expect);
      } else if (name.startsWith("response")) {
        assertResponse(primitives, name, datagram, expect);
      } else {
        assertInitiation(primitives, name, datagram, expect);
      }
    }
  }

  private static void assertInitiation(
      Primitives primitives, String name, byte[] datagram, String expect) {
    Pair pair = Pair.ofVector(primitives.x25519());
    RecordedTranscript transcript = new RecordedTranscript();
    HandshakeCrypto crypto = primitives.crypto(new ScriptedRandom(), transcript);
    CookieChecker checker = new CookieChecker(pair.responder, crypto.aead(), crypto.random());
    HandshakeMessage parsed = HandshakeMessage.parse(datagram);
    switch (expect) {
      case "drop at length check", "drop: type word is not 1" ->
          assertThat(parsed).as(name).isNull();
      case "drop at mac1 check" -> {
        assertThat(parsed).as(name).isInstanceOf(InitiationMessage.class);
        assertThat(checker.checkMac1(datagram)).as(name).isFalse();
      }
      case "drop: DH result all zero" -> assertRefused(pair, crypto, checker, name, datagram);
      case "drop: encrypted_static fails" -> {
        assertRefused(pair, crypto, checker, name, datagram);
        // start, responder key, e, es: no state after the first payload
        assertThat(transcript.liveArrays()).as(name).hasSize(3 * 4);
      }
      case "drop: encrypted_timestamp fails" -> {
        assertRefused(pair, crypto, checker, name, datagram);
        // two states more: s and ss
        assertThat(transcript.liveArrays()).as(name).hasSize(3 * 6);
      }
      default -> {
        assertThat(expect).startsWith("ACCEPT");
        assertThat(checker.checkMac1(datagram)).as(name).isTrue();
        ResponderHandshake handshake = pair.opened(crypto, datagram);
        assertThat(handshake.timestamp()).isEqualTo(TIMESTAMP);
        assertThat(handshake.remoteIndex()).isEqualTo(wordAt(datagram, 4));
      }
    }
  }

  private static void assertRefused(
      Pair pair, HandshakeCrypto crypto, CookieChecker checker, String name, byte[] datagram) {
    assertThat(checker.checkMac1(datagram)).as(name).isTrue();
    assertThat(pair.open(crypto, datagram)).as(name).isNull();
  }

  private static void assertResponse(
      Primitives primitives, String name, byte[] datagram, String expect) {
    Pair pair = Pair.ofVector(primitives.x25519());
    HandshakeCrypto crypto =
        primitives.crypto(new ScriptedRandom(HandshakeVector.input("initiator_ephemeral_private")));
    CookieChecker checker = new CookieChecker(pair.initiator, crypto.aead(), crypto.random());
    InitiatorHandshake handshake = pair.initiate(crypto, TIMESTAMP);
    ResponseMessage parsed =
        (ResponseMessage) Objects.requireNonNull(HandshakeMessage.parse(datagram));
    boolean macIsValid = !expect.equals("drop at mac1 check");
    assertThat(checker.checkMac1(datagram)).as(name).isEqualTo(macIsValid);
    if (!macIsValid) {
      return;
    }
    assertThat(expect).startsWith("drop");
    if (expect.equals("drop: no handshake for index")) {
      assertThat(parsed.receiverIndex()).as(name).isNotEqualTo(Pair.INITIATOR_INDEX);
    }
    assertThat(pair.consume(crypto, handshake, datagram)).as(name).isNull();
    // the attempt lives on
    byte[] genuine = VectorFile.hex(HandshakeVector.RESPONSE, "message");
    assertThat(pair.consume(crypto, handshake, genuine)).as(name).isNotNull();
  }

  private static void assertTransport(
      Primitives primitives, String name, byte[] datagram, String expect) {
    assertThat(HandshakeMessage.parse(datagram)).as(name).isNull();
    switch (expect) {
      case "drop: shorter than 32" ->
          assertThat(datagram.length).as(name).isLessThan(Messages.MIN_TRANSPORT_BYTES);
      case "drop: no keypair" ->
          assertThat(wordAt(datagram, 4)).as(name).isNotEqualTo(Pair.RESPONDER_INDEX);
      case "drop: AEAD fails, replay window untouched", "drop: AEAD fails (counter is the nonce)" ->
          assertThat(openTransport(primitives, datagram)).as(name).isNull();
      default -> fail(name);
    }
  }

  private static byte @Nullable [] openTransport(Primitives primitives, byte[] datagram) {
    JsonObject keys = HandshakeVector.WITH_PSK.getAsJsonObject("transport_keys");
    long counter = ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN).getLong(8);
    byte[] opened = new byte[datagram.length - Messages.TRANSPORT_OVERHEAD_BYTES];
    try (Aead aead = primitives.aead().create()) {
      return aead.open(
              VectorFile.hex(keys, "initiator_send_responder_receive"),
              counter,
              new byte[0],
              datagram,
              Messages.TRANSPORT_HEADER_BYTES,
              datagram.length - Messages.TRANSPORT_HEADER_BYTES,
              opened,
              0)
          ? opened
          : null;
    }
  }

  private static int wordAt(byte[] datagram, int offset) {
    return ByteBuffer.wrap(datagram).order(ByteOrder.LITTLE_ENDIAN).getInt(offset);
  }
}
