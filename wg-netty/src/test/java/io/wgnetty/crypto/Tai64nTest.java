package io.wgnetty.crypto;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;

final class Tai64nTest {
  private static final long SECOND_NANOS = 1_000_000_000;

  @Test
  void shouldStampAsTheVectorsSay() {
    List<JsonObject> vectors = VectorFile.array("tai64n");
    assertThat(vectors).isNotEmpty();
    for (JsonObject vector : vectors) {
      long nanos =
          vector.get("unix_seconds").getAsLong() * SECOND_NANOS
              + vector.get("nanoseconds").getAsLong();
      byte[] stamp = Tai64n.whitened(nanos);
      assertThat(stamp).isEqualTo(VectorFile.hex(vector, "whitened_go_and_kernel"));

      // the exact stamp is of the same second and at most the whitened bits later
      byte[] exact = VectorFile.hex(vector, "exact");
      assertThat(Tai64n.compare(stamp, exact)).isLessThanOrEqualTo(0);
      assertThat(stamp).startsWith(Arrays.copyOf(exact, 9));
    }
  }

  @Test
  void shouldStampTimesBefore1970() {
    assertThat(Tai64n.whitened(-1)).isEqualTo(HexFormat.of().parseHex("40000000000000093b000000"));
  }

  @Test
  void shouldOrderStampsAsUnsignedBigEndianNumbers() {
    byte[] low = HexFormat.of().parseHex("7fffffffffffffffffffffff");
    byte[] high = HexFormat.of().parseHex("800000000000000000000000");
    assertThat(Tai64n.compare(low, high)).isNegative();
    assertThat(Tai64n.compare(high, low)).isPositive();
    assertThat(Tai64n.compare(high, high.clone())).isZero();
  }

  @Test
  void shouldOrderTheStampsOfLaterTimesAfterThoseOfEarlierOnes() {
    byte[] previous = Tai64n.whitened(0);
    for (long nanos = 20_000_000; nanos < 3 * SECOND_NANOS; nanos += 20_000_000) {
      byte[] next = Tai64n.whitened(nanos);
      assertThat(Tai64n.compare(next, previous)).isPositive();
      previous = next;
    }
  }
}
