package io.wgnetty.cipher;

import static io.wgnetty.crypto.CryptoVectors.bytes;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.CryptoVectors;
import java.util.Arrays;
import org.bouncycastle.crypto.macs.Poly1305;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

/** The oracle itself, on the intermediate values that RFC 8439 prints and a provider hides. */
class AeadOracleTest {
  private final CryptoVectors vectors = CryptoVectors.load("chacha20poly1305.json");

  @Test
  void shouldMakeTheKeystreamBlockOfRfc8439Section232() {
    JsonObject vector = vectors.object("rfc8439_2_3_2_block");
    assertThat(
            AeadOracle.keystream(
                bytes(vector, "key"), bytes(vector, "nonce"), vector.get("counter").getAsInt(), 64))
        .isEqualTo(bytes(vector, "keystream"));
  }

  @Test
  void shouldEncryptAsRfc8439Section242() {
    JsonObject vector = vectors.object("rfc8439_2_4_2");
    byte[] plaintext = bytes(vector, "plaintext");
    byte[] ciphertext =
        AeadOracle.keystream(
            bytes(vector, "key"),
            bytes(vector, "nonce"),
            vector.get("counter").getAsInt(),
            plaintext.length);
    for (int i = 0; i < plaintext.length; i++) {
      ciphertext[i] ^= plaintext[i];
    }
    assertThat(ciphertext).isEqualTo(bytes(vector, "ciphertext"));
  }

  @Test
  void shouldAuthenticateAsRfc8439Section252() {
    assertTag(vectors.object("rfc8439_2_5_2_poly1305"));
  }

  @Test
  void shouldMakeTheOneTimeKeyOfRfc8439Section262() {
    JsonObject vector = vectors.object("rfc8439_2_6_2_poly_key");
    assertThat(AeadOracle.macKey(bytes(vector, "key"), bytes(vector, "nonce")))
        .isEqualTo(bytes(vector, "poly_key"));
  }

  /** Its nonce does not begin with zeros, so that no {@link Aead} can be asked for it. */
  @Test
  void shouldSealAsRfc8439Section282() {
    JsonObject vector = vectors.object("rfc8439_2_8_2_aead");
    assertThat(
            AeadOracle.seal(
                bytes(vector, "key"),
                bytes(vector, "nonce"),
                bytes(vector, "aad"),
                bytes(vector, "plaintext")))
        .isEqualTo(bytes(vector, "ciphertext_and_tag"));
  }

  @Test
  void shouldAuthenticateTheEdgeCasesOfRfc8439AppendixA3() {
    assertThat(vectors.objects("rfc8439_A3_edge_cases")).hasSize(7);
    vectors.objects("rfc8439_A3_edge_cases").forEach(AeadOracleTest::assertTag);
  }

  @Test
  void shouldAgreeOnTheTagOfACiphertextInBothForms() {
    byte[] key = new byte[32];
    Arrays.fill(key, (byte) 0x42);
    byte[] sealed = AeadOracle.seal(key, 7, new byte[0], new byte[77]);
    byte[] ciphertext = Arrays.copyOf(sealed, 77);
    assertThat(
            AeadOracle.poly1305(
                AeadOracle.macKey(key, AeadOracle.nonce(7)), AeadOracle.macInput(ciphertext)))
        .isEqualTo(Arrays.copyOfRange(sealed, 77, 93));
  }

  private static void assertTag(JsonObject vector) {
    byte[] key = bytes(vector, "key");
    byte[] message = bytes(vector, "message");
    byte[] expected = bytes(vector, "tag");
    assertThat(AeadOracle.poly1305(key, message)).isEqualTo(expected);

    Poly1305 bouncyCastle = new Poly1305();
    bouncyCastle.init(new KeyParameter(key));
    bouncyCastle.update(message, 0, message.length);
    byte[] tag = new byte[16];
    bouncyCastle.doFinal(tag, 0);
    assertThat(tag).isEqualTo(expected);
  }
}
