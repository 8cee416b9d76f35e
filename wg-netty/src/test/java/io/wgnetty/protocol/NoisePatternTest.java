package io.wgnetty.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.random.RandomGenerator;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The published vector of the bare pattern Noise_IKpsk2, with a prologue and payloads that are not
 * WireGuard's: proof from outside that the symmetric state is the standard's.
 */
final class NoisePatternTest {
  private static final JsonObject VECTOR = VectorFile.object("noise_ikpsk2_cacophony");
  private static final int KEY_BYTES = 32;

  static List<Primitives> all() {
    return Primitives.all();
  }

  @ParameterizedTest
  @MethodSource("all")
  void shouldWriteAndReadThePublishedMessages(Primitives primitives) {
    X25519 x25519 = primitives.x25519();
    byte[] si = VectorFile.hex(VECTOR, "si");
    byte[] ei = VectorFile.hex(VECTOR, "ei");
    byte[] sr = VectorFile.hex(VECTOR, "sr");
    byte[] er = VectorFile.hex(VECTOR, "er");
    byte[] responderStatic = publicKey(x25519, sr);
    assertThat(responderStatic).isEqualTo(VectorFile.hex(VECTOR, "Sr"));

    RecordedTranscript transcript = new RecordedTranscript();
    String prologue = new String(VectorFile.hex(VECTOR, "prologue"), StandardCharsets.US_ASCII);
    try (Aead aead = primitives.aead().create()) {
      RandomGenerator unused = new ScriptedRandom();
      HandshakeCrypto observed = new HandshakeCrypto(x25519, aead, unused, transcript);
      HandshakeCrypto crypto = new HandshakeCrypto(x25519, aead, unused);
      SymmetricState initiator = SymmetricState.start(observed, prologue, responderStatic);
      SymmetricState responder = SymmetricState.start(crypto, prologue, responderStatic);
      byte[] first = message(0);
      byte[] written = new byte[first.length];
      System.arraycopy(publicKey(x25519, ei), 0, written, 0, KEY_BYTES);
      initiator.mixEphemeral(observed, publicKey(x25519, ei));
      initiator.mixKey(observed, agree(x25519, ei, responderStatic));
      initiator.seal(observed, publicKey(x25519, si), written, KEY_BYTES);
      initiator.mixKey(observed, agree(x25519, si, responderStatic));
      initiator.seal(observed, payload(0), written, KEY_BYTES + KEY_BYTES + Aead.TAG_BYTES);
      assertThat(written).isEqualTo(first);

      byte[] remoteEphemeral = Arrays.copyOf(first, KEY_BYTES);
      responder.mixEphemeral(crypto, remoteEphemeral);
      responder.mixKey(crypto, agree(x25519, sr, remoteEphemeral));
      byte[] remoteStatic = new byte[KEY_BYTES];
      assertThat(responder.open(crypto, Arrays.copyOfRange(first, 32, 80), remoteStatic)).isTrue();
      assertThat(remoteStatic).isEqualTo(publicKey(x25519, si));
      responder.mixKey(crypto, agree(x25519, sr, remoteStatic));
      byte[] opened = new byte[payload(0).length];
      assertThat(responder.open(crypto, Arrays.copyOfRange(first, 80, first.length), opened))
          .isTrue();
      assertThat(opened).isEqualTo(payload(0));

      byte[] second = message(1);
      byte[] answer = new byte[second.length];
      byte[] psk = VectorFile.hex(VECTOR, "psk");
      System.arraycopy(publicKey(x25519, er), 0, answer, 0, KEY_BYTES);
      responder.mixEphemeral(crypto, publicKey(x25519, er));
      responder.mixChain(crypto, agree(x25519, er, remoteEphemeral));
      responder.mixChain(crypto, agree(x25519, er, remoteStatic));
      responder.mixPresharedKey(crypto, psk);
      responder.seal(crypto, payload(1), answer, KEY_BYTES);
      assertThat(answer).isEqualTo(second);

      byte[] responderEphemeral = Arrays.copyOf(second, KEY_BYTES);
      initiator.mixEphemeral(observed, responderEphemeral);
      initiator.mixChain(observed, agree(x25519, ei, responderEphemeral));
      initiator.mixChain(observed, agree(x25519, si, responderEphemeral));
      initiator.mixPresharedKey(observed, psk);
      byte[] openedAnswer = new byte[payload(1).length];
      assertThat(
              initiator.open(observed, Arrays.copyOfRange(second, 32, second.length), openedAnswer))
          .isTrue();
      assertThat(openedAnswer).isEqualTo(payload(1));
      assertThat(transcript.lastHash()).isEqualTo(VectorFile.text(VECTOR, "hh"));

      assertTransport(crypto, initiator);
      assertTransport(crypto, responder);
    }
  }

  private static void assertTransport(HandshakeCrypto crypto, SymmetricState state) {
    byte[] forth = new byte[KEY_BYTES];
    byte[] back = new byte[KEY_BYTES];
    state.split(crypto, forth, back);
    byte[] nothing = new byte[0];
    byte[] third = new byte[message(2).length];
    crypto.aead().seal(forth, 0, nothing, payload(2), third, 0);
    assertThat(third).isEqualTo(message(2));
    byte[] fourth = new byte[message(3).length];
    crypto.aead().seal(back, 0, nothing, payload(3), fourth, 0);
    assertThat(fourth).isEqualTo(message(3));
  }

  private static byte[] publicKey(X25519 x25519, byte[] privateKey) {
    return PrivateKey.of(privateKey).publicKey(x25519).toBytes();
  }

  private static byte[] agree(X25519 x25519, byte[] privateKey, byte[] publicKey) {
    byte[] secret = new byte[KEY_BYTES];
    assertThat(x25519.agree(privateKey, publicKey, secret)).isTrue();
    return secret;
  }

  private static byte[] payload(int number) {
    return messagePart(number, 0);
  }

  private static byte[] message(int number) {
    return messagePart(number, 1);
  }

  private static byte[] messagePart(int number, int part) {
    JsonArray message = VECTOR.getAsJsonArray("m").get(number).getAsJsonArray();
    return HexFormat.of().parseHex(message.get(part).getAsString());
  }
}
