package io.wgnetty.client;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Files block by block, by the draft of the format. */
class PcapngWriterTest {
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();

  /** The blocks that were written; each says its length twice, a multiple of four. */
  private List<ByteBuffer> blocks() {
    ByteBuffer file = ByteBuffer.wrap(out.toByteArray()).order(ByteOrder.LITTLE_ENDIAN);
    List<ByteBuffer> blocks = new ArrayList<>();
    while (file.hasRemaining()) {
      int length = file.getInt(file.position() + 4);
      assertThat(length % 4).isZero();
      assertThat(file.getInt(file.position() + length - 4)).isEqualTo(length);
      blocks.add(file.slice(file.position(), length).order(ByteOrder.LITTLE_ENDIAN));
      file.position(file.position() + length);
    }
    return blocks;
  }

  private static String hex(ByteBuffer block) {
    byte[] bytes = new byte[block.remaining()];
    block.get(block.position(), bytes);
    return HexFormat.of().formatHex(bytes);
  }

  private static String compact(String hex) {
    return hex.replaceAll("\\s", "");
  }

  @Test
  void shouldBeginWithSectionAndInterface() throws IOException {
    assertThat(new PcapngWriter(out, "wg0", 1500)).isNotNull();
    assertThat(blocks()).hasSize(2);
    assertThat(hex(blocks().get(0)))
        .isEqualTo(
            compact(
                "0a0d0d0a 2c000000 4d3c2b1a 0100 0000 ffffffffffffffff"
                    + "0400 0800 77672d6e65747479 0000 0000 2c000000"));
    assertThat(hex(blocks().get(1)))
        .isEqualTo(
            compact(
                "01000000 28000000 6500 0000 dc050000 0200 0300 77673000"
                    + "0900 0100 09000000 0000 0000 28000000"));
  }

  @Test
  void shouldWritePacketsWithTimeDirectionAndComment() throws IOException {
    var writer = new PcapngWriter(out, "wg0", 1500);
    writer.packet(0x0102_0304_0506_0708L, true, 9, new byte[] {1, 2, 3, 4, 5}, "");
    writer.packet(1, false, 1, new byte[] {7}, "ab");
    assertThat(hex(blocks().get(2)))
        .isEqualTo(
            compact(
                "06000000 34000000 00000000 04030201 08070605 05000000 09000000"
                    + "0102030405000000 0200 0400 02000000 0000 0000 34000000"));
    assertThat(hex(blocks().get(3)))
        .isEqualTo(
            compact(
                "06000000 38000000 00000000 00000000 01000000 01000000 01000000"
                    + "07000000 0200 0400 01000000 0100 0200 61620000 0000 0000 38000000"));
  }

  @Test
  void shouldEndWithWhatIsMissing() throws IOException {
    var writer = new PcapngWriter(out, "wg0", 1500);
    writer.statistics(2, 258);
    assertThat(hex(blocks().get(2)))
        .isEqualTo(
            compact(
                "05000000 28000000 00000000 00000000 02000000"
                    + "0500 0800 0201000000000000 0000 0000 28000000"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4, 1419, 65_535})
  void shouldTakePacketsAndCommentsOfEveryLength(int length) throws IOException {
    var writer = new PcapngWriter(out, "wg-interface-15", 1 << 17);
    writer.packet(1, true, length, new byte[length], "ä".repeat(length % 500));
    assertThat(blocks()).hasSize(3);
    assertThat(blocks().get(2).getInt(20)).isEqualTo(length);
    assertThat(blocks().get(2).limit())
        .isGreaterThanOrEqualTo(length + "ä".repeat(length % 500).getBytes(UTF_8).length + 44);
  }
}
