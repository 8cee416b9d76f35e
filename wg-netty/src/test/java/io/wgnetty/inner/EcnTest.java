package io.wgnetty.inner;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import io.wgnetty.VectorFile;
import java.nio.ByteBuffer;
import java.util.Map;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EcnTest {
  private static final JsonObject VECTORS = VectorFile.read("ecn").getAsJsonObject();
  private static final int OFFSET = 3;

  @Test
  void shouldEncapsulateAsTheVectorsSay() {
    JsonObject table = VECTORS.getAsJsonObject("encapsulate_outer_from_inner");
    assertThat(table.size()).isEqualTo(4);
    for (Map.Entry<String, JsonElement> entry : table.entrySet()) {
      assertThat(Ecn.encapsulate(Integer.parseInt(entry.getKey())))
          .isEqualTo(entry.getValue().getAsInt());
    }
  }

  static Stream<JsonObject> decapsulations() {
    return VECTORS.getAsJsonArray("decapsulate").asList().stream()
        .map(JsonElement::getAsJsonObject);
  }

  @ParameterizedTest
  @MethodSource("decapsulations")
  void shouldDecapsulateAsTheVectorsSay(JsonObject vector) {
    int inner = vector.get("inner").getAsInt();
    int outer = vector.get("outer").getAsInt();
    assertThat(Ecn.decapsulate(inner, outer)).isEqualTo(vector.get("result_inner").getAsInt());
  }

  @ParameterizedTest
  @MethodSource("decapsulations")
  void shouldChangeAnIpv4PacketAndItsChecksumOnly(JsonObject vector) {
    int inner = vector.get("inner").getAsInt();
    int outer = vector.get("outer").getAsInt();
    Random random = new Random(inner * 4L + outer);
    for (int i = 0; i < 1000; i++) {
      byte[] header = new byte[20];
      random.nextBytes(header);
      ByteBuffer packet = ByteBuffer.allocate(OFFSET + 20).put(OFFSET, header);
      packet.put(OFFSET, (byte) 0x45).put(OFFSET + 1, (byte) ((header[1] & ~3) | inner));
      packet.putShort(OFFSET + 10, (short) 0);
      packet.putShort(OFFSET + 10, InternetChecksum.of(packet, OFFSET, 20, 0));
      ByteBuffer before = ByteBuffer.allocate(packet.capacity()).put(0, packet, 0, OFFSET + 20);

      Ecn.decapsulate(packet, OFFSET, 0xb8 | outer);

      assertThat(Ecn.of(packet, OFFSET)).isEqualTo(vector.get("result_inner").getAsInt());
      assertThat(InternetChecksum.of(packet, OFFSET, 20, 0)).isZero();
      assertThat(packet.get(OFFSET + 1) & ~3).isEqualTo(before.get(OFFSET + 1) & ~3);
      before.put(OFFSET + 1, packet.get(OFFSET + 1));
      before.putShort(OFFSET + 10, packet.getShort(OFFSET + 10));
      assertThat(packet).isEqualTo(before);
    }
  }

  @ParameterizedTest
  @MethodSource("decapsulations")
  void shouldChangeTheTwoBitsOfIpv6Only(JsonObject vector) {
    int inner = vector.get("inner").getAsInt();
    int expected = vector.get("result_inner").getAsInt();
    // Traffic class 0xac with the codepoint, flow label 0x54321.
    ByteBuffer packet = ByteBuffer.allocate(OFFSET + 40).putInt(OFFSET, 0x6ac5_4321 | inner << 20);
    Ecn.decapsulate(packet, OFFSET, vector.get("outer").getAsInt());
    assertThat(packet.getInt(OFFSET)).isEqualTo(0x6ac5_4321 | expected << 20);
    assertThat(Ecn.of(packet, OFFSET)).isEqualTo(expected);
  }
}
