package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import io.wgnetty.cipher.X25519Providers;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class PrivateKeyTest {
  private static final JsonObject INPUTS = VectorFile.object("handshake").getAsJsonObject("inputs");
  private static final String HEX = VectorFile.text(INPUTS, "initiator_static_private");
  private static final String BASE64 = VectorFile.text(INPUTS, "initiator_static_private_base64");

  static List<X25519> providers() {
    return X25519Providers.available();
  }

  @Test
  void shouldConvertBetweenItsForms() {
    PrivateKey key = PrivateKey.fromHex(HEX);
    assertThat(key.toHex()).isEqualTo(HEX);
    assertThat(key.toBase64()).isEqualTo(BASE64);
    assertThat(PrivateKey.fromBase64(BASE64).sameAs(key)).isTrue();
    assertThat(PrivateKey.fromHex(HEX.toUpperCase(Locale.ROOT)).sameAs(key)).isTrue();
    assertThat(PrivateKey.fromBase64(VectorFile.text(INPUTS, "responder_static_private_base64")))
        .extracting(PrivateKey::toHex)
        .isEqualTo(VectorFile.text(INPUTS, "responder_static_private"));
  }

  @ParameterizedTest
  @MethodSource("providers")
  void shouldMakePublicKeysAndSecretsAsTheVectorsSay(X25519 x25519) {
    for (String owner :
        List.of(
            "initiator_static", "responder_static", "initiator_ephemeral", "responder_ephemeral")) {
      PrivateKey key = PrivateKey.fromHex(VectorFile.text(INPUTS, owner + "_private"));
      assertThat(key.publicKey(x25519).toHex())
          .isEqualTo(VectorFile.text(INPUTS, owner + "_public"));
    }
    byte[] secret = new byte[32];
    byte[] remote = VectorFile.hex(INPUTS, "responder_static_public");
    assertThat(PrivateKey.fromHex(HEX).agree(x25519, remote, secret)).isTrue();
    assertThat(secret).isEqualTo(VectorFile.hex(INPUTS, "static_static_dh"));
  }

  @Test
  void shouldClampACopy() {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) 0xff);
    byte[] clamped = bytes.clone();
    clamped[0] = (byte) 0xf8;
    clamped[31] = 0x7f;
    PrivateKey key = PrivateKey.of(bytes);
    assertThat(key.copyBytes()).isEqualTo(clamped);
    assertThat(bytes).containsOnly(0xff);

    byte[] zero = PrivateKey.of(new byte[32]).copyBytes();
    assertThat(zero[31]).isEqualTo((byte) 0x40);
    assertThat(Arrays.copyOf(zero, 31)).containsOnly(0);
  }

  @Test
  void shouldGenerateFromAllOfTheRandomBytes() {
    byte[] expected = new byte[32];
    new Random(7).nextBytes(expected);
    assertThat(PrivateKey.generate(new Random(7)).sameAs(PrivateKey.of(expected))).isTrue();
  }

  @Test
  void shouldTellKeysApart() {
    PrivateKey key = PrivateKey.fromHex(HEX);
    for (int bit = 3; bit < 254; bit++) {
      byte[] changed = HexFormat.of().parseHex(HEX);
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThat(key.sameAs(PrivateKey.of(changed))).isFalse();
    }
    assertThat(key.sameAs(null)).isFalse();
    assertThat(key.sameAs(key)).isTrue();
  }

  @ParameterizedTest
  @MethodSource("providers")
  void shouldBeOfNoUseOnceWiped(X25519 x25519) {
    PrivateKey key = PrivateKey.fromHex(HEX);
    PrivateKey copy = key.copy();
    key.wipe();
    byte[] secret = new byte[32];
    Arrays.fill(secret, (byte) 1);
    byte[] remote = VectorFile.hex(INPUTS, "responder_static_public");
    assertThat(key.agree(x25519, remote, secret)).isFalse();
    assertThat(secret).containsOnly(0);
    assertThat(key.sameAs(key)).isFalse();
    assertThatThrownBy(key::copyBytes).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(key::toHex).isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> key.publicKey(x25519)).isInstanceOf(IllegalStateException.class);
    assertThat(copy.agree(x25519, remote, secret)).isTrue();
  }

  @Test
  void shouldKnowTheTextThatRemovesAKey() {
    assertThat(PrivateKey.isZeroHex("0".repeat(64))).isTrue();
    assertThat(PrivateKey.isZeroHex("0".repeat(63))).isFalse();
    assertThat(PrivateKey.isZeroHex("0".repeat(63) + "1")).isFalse();
    assertThat(PrivateKey.isZeroHex("")).isFalse();
  }

  @Test
  void shouldTellNothingOfItself() {
    assertThat(PrivateKey.fromHex(HEX)).hasToString("(hidden)");
    String shortened = HEX.substring(1);
    assertThatThrownBy(() -> PrivateKey.fromHex(shortened))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(HEX.substring(1, 9));
    String other = BASE64.replace('=', 'A');
    assertThatThrownBy(() -> PrivateKey.fromBase64(other))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(BASE64.substring(0, 8));
    assertThatThrownBy(() -> PrivateKey.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
