package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.cipher.AeadProviders;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class XChaCha20Poly1305Test {
  private static final JsonObject VECTORS = VectorFile.object("xchacha20poly1305");
  private static final JsonObject COOKIE = VectorFile.object("cookie");

  static List<AeadProvider> providers() {
    return AeadProviders.available();
  }

  @Test
  void shouldDeriveSubkeysAsTheVectorsSay() {
    JsonObject vector = VECTORS.getAsJsonObject("hchacha20");
    assertThat(
            XChaCha20Poly1305.hchacha20(
                VectorFile.hex(vector, "key"), VectorFile.hex(vector, "nonce16")))
        .isEqualTo(VectorFile.hex(vector, "subkey"));
    assertThat(
            XChaCha20Poly1305.hchacha20(
                VectorFile.hex(COOKIE, "cookie_encryption_key"), VectorFile.hex(COOKIE, "nonce")))
        .isEqualTo(VectorFile.hex(COOKIE, "hchacha20_subkey"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void shouldSealAndOpenAsTheVectorsSay(AeadProvider provider) {
    List<JsonObject> vectors = new ArrayList<>();
    vectors.addAll(VectorFile.objects(VECTORS, "cookie_sized"));
    vectors.add(VECTORS.getAsJsonObject("draft_A_3_1"));
    try (Aead aead = provider.create()) {
      for (JsonObject vector : vectors) {
        byte[] key = VectorFile.hex(vector, "key");
        byte[] nonce = VectorFile.hex(vector, "nonce24");
        byte[] aad = VectorFile.hex(vector, "aad");
        byte[] plaintext = VectorFile.hex(vector, "plaintext");
        byte[] expected = VectorFile.hex(vector, vector.has("out") ? "out" : "ciphertext_and_tag");

        byte[] sealed = new byte[3 + expected.length];
        XChaCha20Poly1305.seal(aead, key, nonce, aad, plaintext, sealed, 3);
        assertThat(Arrays.copyOfRange(sealed, 3, sealed.length)).isEqualTo(expected);

        byte[] opened = new byte[plaintext.length + 2];
        assertThat(
                XChaCha20Poly1305.open(
                    aead, key, nonce, aad, sealed, 3, expected.length, opened, 2))
            .isTrue();
        assertThat(Arrays.copyOfRange(opened, 2, opened.length)).isEqualTo(plaintext);
      }
    }
  }

  @ParameterizedTest
  @MethodSource("providers")
  void shouldUseTheLastEightBytesOfTheNonceAsCounter(AeadProvider provider) {
    byte[] nonce = VectorFile.hex(COOKIE, "nonce");
    String innerNonce = "00000000" + HexFormat.of().formatHex(nonce, 16, 24);
    assertThat(innerNonce).isEqualTo(VectorFile.text(COOKIE, "chacha_nonce"));
    long counter = ByteBuffer.wrap(nonce).order(ByteOrder.LITTLE_ENDIAN).getLong(16);
    byte[] sealed = new byte[32];
    try (Aead aead = provider.create()) {
      aead.seal(
          VectorFile.hex(COOKIE, "hchacha20_subkey"),
          counter,
          VectorFile.hex(COOKIE, "received_mac1"),
          VectorFile.hex(COOKIE, "cookie"),
          sealed,
          0);
    }
    assertThat(sealed).isEqualTo(VectorFile.hex(COOKIE, "encrypted_cookie"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void shouldRefuseEveryChangedBit(AeadProvider provider) {
    JsonObject vector = VectorFile.objects(VECTORS, "cookie_sized").getFirst();
    byte[] key = VectorFile.hex(vector, "key");
    byte[] nonce = VectorFile.hex(vector, "nonce24");
    byte[] aad = VectorFile.hex(vector, "aad");
    byte[] sealed = VectorFile.hex(vector, "out");
    try (Aead aead = provider.create()) {
      for (byte[] changed : List.of(key, nonce, aad, sealed)) {
        for (int bit = 0; bit < 8 * changed.length; bit++) {
          changed[bit / 8] ^= (byte) (1 << bit % 8);
          assertThat(opens(aead, key, nonce, aad, sealed)).isFalse();
          changed[bit / 8] ^= (byte) (1 << bit % 8);
        }
      }
      assertThat(opens(aead, key, nonce, aad, sealed)).isTrue();
    }
  }

  private static boolean opens(Aead aead, byte[] key, byte[] nonce, byte[] aad, byte[] sealed) {
    byte[] opened = new byte[sealed.length - Aead.TAG_BYTES];
    return XChaCha20Poly1305.open(aead, key, nonce, aad, sealed, 0, sealed.length, opened, 0);
  }
}
