package io.wgnetty.inner;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class InnerPacketTest {
  private static final int OFFSET = 7;

  private final ByteBuffer b = ByteBuffer.allocate(OFFSET + 70_000);

  @ParameterizedTest(name = "IPv4 total length {0} of {1} bytes: {2}")
  @CsvSource({
    "20, 20, 20", "84, 84, 84", "84, 96, 84", "20, 1420, 20", "65535, 65535, 65535",
    "0, 96, -3", "19, 96, -3", "97, 96, -3", "65535, 96, -3", "21, 20, -3",
    "20, 19, -2", "20, 1, -2", "20, 0, -2",
  })
  void shouldMeasureIpv4(int totalLength, int available, int expected) {
    b.put(OFFSET, (byte) 0x45).putShort(OFFSET + 2, (short) totalLength);
    assertThat(InnerPacket.length(b, OFFSET, available)).isEqualTo(expected);
  }

  @ParameterizedTest(name = "IPv6 payload length {0} of {1} bytes: {2}")
  @CsvSource({
    "0, 40, 40", "24, 64, 64", "24, 80, 64", "65495, 65535, 65535", "65535, 65575, 65575",
    "25, 64, -3", "65535, 96, -3", "65504, 96, -3", "65535, 65574, -3", "1, 40, -3",
    "0, 39, -2", "0, 20, -2", "0, 1, -2", "0, 0, -2",
  })
  void shouldMeasureIpv6In32Bits(int payloadLength, int available, int expected) {
    b.put(OFFSET, (byte) 0x60).putShort(OFFSET + 4, (short) payloadLength);
    assertThat(InnerPacket.length(b, OFFSET, available)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 5, 7, 8, 9, 10, 11, 12, 13, 14, 15})
  void shouldKnowNoOtherVersion(int version) {
    b.put(OFFSET, (byte) (version << 4 | 5)).putShort(OFFSET + 2, (short) 20);
    assertThat(InnerPacket.length(b, OFFSET, 96)).isEqualTo(InnerPacket.NOT_IP);
    assertThat(InnerPacket.length(b, OFFSET, 1)).isEqualTo(InnerPacket.NOT_IP);
  }

  @Test
  void shouldNotLookAtTheIpv4HeaderLength() {
    // protocol 4.1 step 13: neither IHL nor checksum is ours to judge.
    b.put(OFFSET, (byte) 0x40).putShort(OFFSET + 2, (short) 20);
    assertThat(InnerPacket.length(b, OFFSET, 20)).isEqualTo(20);
  }

  @Test
  void shouldReadNothingBeyondWhatIsAvailable() {
    ByteBuffer exact = ByteBuffer.allocate(1).put(0, (byte) 0x45);
    assertThat(InnerPacket.length(exact, 0, 1)).isEqualTo(InnerPacket.TOO_SHORT);
    assertThat(InnerPacket.length(ByteBuffer.allocate(0), 0, 0)).isEqualTo(InnerPacket.TOO_SHORT);
  }

  @Test
  void shouldReadAddressesInPlace() {
    b.put(OFFSET, (byte) 0x45).putInt(OFFSET + 12, 0x0a00_0001).putInt(OFFSET + 16, 0xc000_0201);
    assertThat(InnerPacket.isIpv6(b, OFFSET)).isFalse();
    assertThat(InnerPacket.sourceV4(b, OFFSET)).isEqualTo(0x0a00_0001);
    assertThat(InnerPacket.destinationV4(b, OFFSET)).isEqualTo(0xc000_0201);

    b.put(OFFSET, (byte) 0x6f);
    b.putLong(OFFSET + 8, 0x2001_0db8_0000_0001L).putLong(OFFSET + 16, 2);
    b.putLong(OFFSET + 24, 0x2001_0db8_0000_0003L).putLong(OFFSET + 32, 0xffff_ffff_ffff_ffffL);
    assertThat(InnerPacket.isIpv6(b, OFFSET)).isTrue();
    assertThat(InnerPacket.sourceHigh(b, OFFSET)).isEqualTo(0x2001_0db8_0000_0001L);
    assertThat(InnerPacket.sourceLow(b, OFFSET)).isEqualTo(2);
    assertThat(InnerPacket.destinationHigh(b, OFFSET)).isEqualTo(0x2001_0db8_0000_0003L);
    assertThat(InnerPacket.destinationLow(b, OFFSET)).isEqualTo(-1);
    assertThat(b.position()).isZero();
  }
}
