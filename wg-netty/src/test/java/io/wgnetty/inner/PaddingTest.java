package io.wgnetty.inner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class PaddingTest {
  @ParameterizedTest
  @MethodSource
  void shouldPadAsTheVectorsSay(JsonObject vector) {
    int length = vector.get("packet_len").getAsInt();
    int padded = Padding.paddedLength(length, vector.get("mtu").getAsInt());
    assertThat(padded).isEqualTo(vector.get("plaintext_len").getAsInt());
    assertThat(padded - length).isEqualTo(vector.get("padding").getAsInt());
  }

  static Stream<JsonObject> shouldPadAsTheVectorsSay() {
    return VectorFile.read("padding").getAsJsonArray().asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @Test
  void shouldNeverPassTheMtuNorAddAsMuchAsABlock() {
    for (int mtu : List.of(576, 1280, 1420, 1500, 9000)) {
      for (int length = 0; length <= mtu; length++) {
        int padded = Padding.paddedLength(length, mtu);
        assertThat(padded).isBetween(length, Math.min(mtu, length + 15));
        assertThat(padded % 16 == 0 || padded == mtu).isTrue();
      }
    }
  }

  @Test
  void shouldRoundUpWhenTheMtuIsUnknown() {
    assertThat(Padding.paddedLength(0, 0)).isZero();
    assertThat(Padding.paddedLength(1, 0)).isEqualTo(16);
    assertThat(Padding.paddedLength(1419, 0)).isEqualTo(1424);
  }
}
