package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.List;
import org.junit.jupiter.api.Test;

final class KdfTest {
  private static final JsonObject VECTORS = VectorFile.object("hmac_kdf");

  private final Kdf kdf = new Kdf(new Blake2sState());

  @Test
  void shouldComputeHmacAsTheVectorsSay() {
    List<JsonObject> vectors = VectorFile.objects(VECTORS, "hmac");
    assertThat(vectors).isNotEmpty();
    for (JsonObject vector : vectors) {
      byte[] out = new byte[Blake2s.HASH_BYTES];
      kdf.hmac(VectorFile.hex(vector, "key"), VectorFile.hex(vector, "input"), out);
      assertThat(out).isEqualTo(VectorFile.hex(vector, "hmac"));
    }
  }

  @Test
  void shouldDeriveAsTheVectorsSayForAnyNumberOfOutputs() {
    List<JsonObject> vectors = VectorFile.objects(VECTORS, "kdf");
    assertThat(vectors).isNotEmpty();
    for (JsonObject vector : vectors) {
      byte[] key = VectorFile.hex(vector, "key");
      byte[] input = VectorFile.hex(vector, "input");
      for (int count = 1; count <= 3; count++) {
        byte[][] outs = new byte[count][32];
        kdf.derive(key, input, outs);
        for (int i = 0; i < count; i++) {
          assertThat(outs[i]).isEqualTo(VectorFile.hex(vector, "t" + (i + 1)));
        }
      }
    }
  }

  @Test
  void shouldDeriveIntoTheArraysOfItsInputs() {
    byte[] key = Blake2s.hash(new byte[] {1});
    byte[] input = Blake2s.hash(new byte[] {2});
    byte[] first = new byte[32];
    byte[] second = new byte[32];
    kdf.derive(key, input, first, second);
    kdf.derive(key, input, key, input);
    assertThat(key).isEqualTo(first);
    assertThat(input).isEqualTo(second);
  }

  @Test
  void shouldRefuseNoOutputAndFourOutputs() {
    byte[] key = new byte[32];
    assertThatThrownBy(() -> kdf.derive(key, key)).isInstanceOf(IllegalArgumentException.class);
    byte[][] four = new byte[4][32];
    assertThatThrownBy(() -> kdf.derive(key, key, four))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
