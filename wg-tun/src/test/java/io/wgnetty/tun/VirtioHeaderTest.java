package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class VirtioHeaderTest {
  @Test
  void shouldBeTenZeroBytesForAnOrdinaryPacket() {
    byte[] bytes = new byte[32];
    Arrays.fill(bytes, (byte) 0xff);

    VirtioHeader.clear(ByteBuffer.wrap(bytes), 11);

    for (int i = 0; i < bytes.length; i++) {
      assertThat(bytes[i]).as("byte %d", i).isEqualTo((byte) (i >= 11 && i < 21 ? 0 : 0xff));
    }
  }

  @Test
  void shouldFitTheHeadroomOfABatch() {
    assertThat(VirtioHeader.BYTES).isEqualTo(10).isLessThanOrEqualTo(PacketBatch.HEADROOM);
  }
}
