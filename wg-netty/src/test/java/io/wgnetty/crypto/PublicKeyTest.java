package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.HashSet;
import java.util.Locale;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class PublicKeyTest {
  private static final JsonObject INPUTS = VectorFile.object("handshake").getAsJsonObject("inputs");
  private static final String HEX = VectorFile.text(INPUTS, "initiator_static_public");
  private static final String BASE64 = VectorFile.text(INPUTS, "initiator_static_public_base64");

  @Test
  void shouldConvertBetweenItsForms() {
    PublicKey key = PublicKey.fromHex(HEX);
    assertThat(key.toHex()).isEqualTo(HEX);
    assertThat(key.toBase64()).isEqualTo(BASE64);
    assertThat(PublicKey.fromBase64(BASE64)).isEqualTo(key).hasSameHashCodeAs(key);
    assertThat(PublicKey.fromHex(HEX.toUpperCase(Locale.ROOT))).isEqualTo(key);
    assertThat(PublicKey.of(key.toBytes())).isEqualTo(key);

    byte[] array = new byte[40];
    key.copyTo(array, 5);
    assertThat(PublicKey.of(array, 5)).isEqualTo(key);
    assertThat(PublicKey.of(array, 4)).isNotEqualTo(key);
    String responder = VectorFile.text(INPUTS, "responder_static_public");
    assertThat(PublicKey.fromHex(responder).toBase64())
        .isEqualTo(VectorFile.text(INPUTS, "responder_static_public_base64"));
  }

  @Test
  void shouldDifferInEveryBit() {
    PublicKey key = PublicKey.fromHex(HEX);
    Set<Integer> hashCodes = new HashSet<>();
    for (int bit = 0; bit < 256; bit++) {
      byte[] changed = key.toBytes();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      PublicKey other = PublicKey.of(changed);
      assertThat(other).isNotEqualTo(key);
      hashCodes.add(other.hashCode());
    }
    assertThat(hashCodes).hasSizeGreaterThan(250);
  }

  @Test
  void shouldShowOnlyItsEnds() {
    assertThat(PublicKey.fromHex(HEX)).hasToString("CIls…dEw=");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "08896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744",
        "08896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c0",
        "g8896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "0/896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "0:896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "0@896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "0`896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "0G896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        "\u0660\u0661896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744",
        "0\uff11896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c",
        " 8896c9f427f5d334a3d2d3a2af7f86b43e75f91ee2fb397a97bd2e67d4b744c"
      })
  void shouldRefuseOtherTextThanHexWithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> PublicKey.fromHex(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("896c9f");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw==",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEwA",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdE==",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEx=",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEy=",
        "CIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEz=",
        "CIlsn0J_XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J-XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J.XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J@XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J[XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J{XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "CIlsn0J\u0141XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw=",
        "\nIlsn0J/XTNKPS06Kvf4a0PnX5HuL7OXqXvS5n1LdEw="
      })
  void shouldRefuseOtherTextThanCanonicalBase64WithoutRepeatingIt(String text) {
    assertThatThrownBy(() -> PublicKey.fromBase64(text))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageNotContaining("XTNKPS");
  }

  @Test
  void shouldRefuseOtherLengthsThan32() {
    assertThatThrownBy(() -> PublicKey.of(new byte[31]))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> PublicKey.of(new byte[33]))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void shouldReadEveryDigitOfBothForms() {
    String digits = "0123456789abcdef";
    for (int value = 0; value < 256; value++) {
      String pair = "" + digits.charAt(value >> 4) + digits.charAt(value & 15);
      PublicKey key = PublicKey.fromHex(pair.repeat(32));
      assertThat(key.toBytes()).containsOnly(value);
      assertThat(PublicKey.fromBase64(key.toBase64())).isEqualTo(key);
    }
    String alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (int i = 0; i < alphabet.length(); i++) {
      String text = alphabet.substring(i, i + 1).repeat(42) + "A=";
      assertThat(PublicKey.fromBase64(text).toBase64()).isEqualTo(text);
    }
  }
}
