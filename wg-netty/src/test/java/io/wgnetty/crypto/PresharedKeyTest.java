package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class PresharedKeyTest {
  private static final JsonObject INPUTS = VectorFile.object("handshake").getAsJsonObject("inputs");
  private static final String HEX = VectorFile.text(INPUTS, "preshared_key");
  private static final String BASE64 = VectorFile.text(INPUTS, "preshared_key_base64");

  @Test
  void shouldConvertBetweenItsForms() {
    PresharedKey key = PresharedKey.fromHex(HEX);
    assertThat(key.toHex()).isEqualTo(HEX);
    assertThat(key.toBase64()).isEqualTo(BASE64);
    assertThat(PresharedKey.fromBase64(BASE64).toHex()).isEqualTo(HEX);
    assertThat(PresharedKey.of(key.copyBytes()).toHex()).isEqualTo(HEX);
    assertThat(key.isNone()).isFalse();
    assertThat(key).hasToString("(hidden)");
  }

  @Test
  void shouldTakeZerosForNone() {
    assertThat(PresharedKey.none().isNone()).isTrue();
    assertThat(PresharedKey.none().copyBytes()).containsOnly(0).hasSize(32);
    assertThat(PresharedKey.fromHex("0".repeat(64))).isSameAs(PresharedKey.none());
    assertThat(PresharedKey.of(new byte[32])).isSameAs(PresharedKey.none());
  }

  @Test
  void shouldNotClamp() {
    byte[] expected = new byte[32];
    new Random(7).nextBytes(expected);
    assertThat(PresharedKey.generate(new Random(7)).copyBytes()).isEqualTo(expected);
  }

  @Test
  void shouldNotTurnIntoNoneWhenWiped() {
    PresharedKey key = PresharedKey.fromHex(HEX);
    key.wipe();
    assertThat(key.isNone()).isFalse();
    assertThat(key.copyTo(new byte[32])).isFalse();
    assertThatThrownBy(key::copyBytes).isInstanceOf(IllegalStateException.class);
    PresharedKey.none().wipe();
    assertThat(PresharedKey.none().copyBytes()).containsOnly(0);
  }

  @Test
  void shouldNotRepeatWhatItRefuses() {
    assertThatThrownBy(() -> PresharedKey.fromBase64(HEX))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining(HEX.substring(0, 8));
    assertThatThrownBy(() -> PresharedKey.of(new byte[16]))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
