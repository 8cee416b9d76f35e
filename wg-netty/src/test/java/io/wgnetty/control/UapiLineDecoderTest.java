package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class UapiLineDecoderTest {
  private final UapiLineDecoder decoder = new UapiLineDecoder();

  private static ByteBuf bytes(String text) {
    return Unpooled.copiedBuffer(text, ISO_8859_1);
  }

  @Test
  void shouldReadTheSameLinesHoweverTheStreamIsCut() throws RequestException {
    String stream = "set=1\nlisten_port=1\n\n=\nx\n" + "y".repeat(4096) + "\nlast";
    List<String> expected = List.of("set=1", "listen_port=1", "", "=", "x", "y".repeat(4096));
    long seed = System.nanoTime();
    Random random = new Random(seed);
    for (int round = 0; round < 200; round++) {
      var pieces = new UapiLineDecoder();
      List<String> lines = new ArrayList<>();
      int at = 0;
      while (at < stream.length()) {
        int end = Math.min(stream.length(), at + 1 + random.nextInt(round + 1));
        ByteBuf piece = bytes(stream.substring(at, end));
        while (pieces.readLine(piece)) {
          UapiLine line = pieces.line();
          lines.add(new String(line.buffer(), 0, line.length(), ISO_8859_1));
        }
        at = end;
      }
      assertThat(lines).as("seed %d round %d", seed, round).isEqualTo(expected);
    }
  }

  @Test
  void shouldRefuseLineThatIsLongerThanTheBuffer() throws RequestException {
    assertThat(decoder.readLine(bytes("x".repeat(4096)))).isFalse();
    assertThatThrownBy(() -> decoder.readLine(bytes("x\n")))
        .isInstanceOf(RequestException.class)
        .hasMessageContaining("4096");
  }

  @Test
  void shouldOverwriteLineWhenTheNextIsRead() throws RequestException {
    ByteBuf stream = bytes("private_key=secret\na\n");
    decoder.readLine(stream);
    decoder.readLine(stream);
    assertThat(new String(decoder.line().buffer(), ISO_8859_1)).doesNotContain("secret");
  }
}
