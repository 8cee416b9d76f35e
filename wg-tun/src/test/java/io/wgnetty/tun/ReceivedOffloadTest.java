package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ReceivedOffloadTest {
  private static final int NEEDS_CSUM = 1;

  private final PacketBatch batch = TestBatches.POOL.take();

  @AfterEach
  void everythingIsGivenBack() {
    batch.release();
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void shouldCompleteTheChecksumOfAnOrdinaryPacket(boolean ipv6, boolean udp) {
    for (int length = 0; length < 70; length++) {
      TestPacket packet = TestPacket.tcp4(TestPacket.pattern(length, 1));
      packet.ipv6 = ipv6;
      packet.udp = udp;
      byte[] unfinished = unfinished(packet);
      assertThat(unfinished).isNotEqualTo(packet.bytes());
      int start = packet.transportOffset();

      int index = accept(unfinished, NEEDS_CSUM, 0, 0, start, udp ? 6 : 16);

      assertThat(TestBatches.packet(batch, index)).isEqualTo(packet.bytes());
      assertThat(batch.segmentBytes(index)).isZero();
      batch.clear();
    }
  }

  @Test
  void shouldWriteTheOtherZeroForAUdpChecksumOfZero() {
    TestPacket packet = TestPacket.udp4(new byte[2]);
    int checksum = ByteBuffer.wrap(packet.bytes()).getShort(26);
    packet.payload = new byte[] {(byte) (checksum >>> 8), (byte) checksum};

    int index = accept(unfinished(packet), NEEDS_CSUM, 0, 0, 20, 6);

    byte[] finished = TestBatches.packet(batch, index);
    assertThat(ByteBuffer.wrap(finished).getShort(26)).isEqualTo((short) 0xffff);
    assertThat(finished).isEqualTo(packet.bytes());
  }

  @Test
  void shouldLeaveAPacketAloneWhoseChecksumWasVerified() {
    byte[] bytes = TestPacket.tcp4(TestPacket.pattern(10, 1)).bytes();
    int index = accept(bytes, 2, 0, 0, 60_000, 60_000);
    assertThat(batch.segmentBytes(index)).isZero();
    assertThat(TestBatches.packet(batch, index)).isEqualTo(bytes);
  }

  /** As a 6.18 kernel gives it for 5500 bytes sent with UDP_SEGMENT 1000: protocol 8.1. */
  @Test
  void shouldTakeAUdpSuperPacket() {
    TestPacket packet = TestPacket.udp4(TestPacket.pattern(5500, 1));
    int index = accept(unfinished(packet), NEEDS_CSUM, 5, 1000, 20, 6);
    assertThat(batch.headerBytes(index)).isEqualTo(28);
    assertThat(batch.segmentBytes(index)).isEqualTo(1000);
    assertThat(batch.segments(index)).isEqualTo(6);
  }

  @Test
  void shouldTakeATcpSuperPacketWithOptionsExtensionsAndCongestionBit() {
    TestPacket packet = TestPacket.tcp6(TestPacket.pattern(5000, 1));
    packet.firstExtension = 60;
    packet.extensionHeaders = HexFormat.of().parseHex("0600010400000000");
    packet.tcpOptions = HexFormat.of().parseHex("0101080a0102030405060708");
    int index = accept(unfinished(packet), NEEDS_CSUM, 4 | 0x80, 1400, 48, 16);
    assertThat(batch.headerBytes(index)).isEqualTo(80);
    assertThat(batch.segmentBytes(index)).isEqualTo(1400);
  }

  @Test
  void shouldFindTheHeadersItselfWhereTheKernelNamesNone() {
    TestPacket packet = TestPacket.tcp4(TestPacket.pattern(500, 1));
    int index = accept(packet.bytes(), 0, 1, 100, 0, 0);
    assertThat(batch.segments(index)).isEqualTo(5);
  }

  @ParameterizedTest
  @ValueSource(ints = {500, 501, 540})
  void shouldTakeOneSegmentForAnOrdinaryPacket(int segmentBytes) {
    for (TestPacket packet :
        new TestPacket[] {
          TestPacket.tcp4(TestPacket.pattern(500, 1)), TestPacket.udp6(TestPacket.pattern(500, 2))
        }) {
      int type = packet.udp ? 5 : 1;
      int index =
          accept(
              unfinished(packet),
              NEEDS_CSUM,
              type,
              segmentBytes,
              packet.transportOffset(),
              packet.udp ? 6 : 16);
      assertThat(batch.segmentBytes(index)).isZero();
      assertThat(TestBatches.packet(batch, index)).isEqualTo(packet.bytes());
    }
  }

  @ParameterizedTest
  @CsvSource({
    "3, 100, 20, 16", // UFO
    "2, 100, 20, 16", // no type at all
    "4, 100, 20, 16", // the other family
    "5, 100, 20, 6", // the other protocol
    "1, 0, 20, 16", // no segment size
    "1, 541, 20, 16", // larger than the packet
    "1, 65535, 20, 16",
    "1, 100, 24, 16", // not where the header is
    "1, 100, 65535, 16", // beyond the end
    "1, 100, 20, 6" // not where the field is
  })
  void shouldMarkALieAboutASuperPacket(int type, int segment, int start, int offset) {
    byte[] bytes = TestPacket.tcp4(TestPacket.pattern(500, 1)).bytes();
    assertBad(accept(bytes, NEEDS_CSUM, type, segment, start, offset));
  }

  @ParameterizedTest
  @CsvSource({"65535, 65535", "0, 16", "19, 16", "24, 16", "40, 0", "25, 14"})
  void shouldMarkALieAboutAChecksum(int start, int offset) {
    byte[] bytes = TestPacket.tcp4(new byte[0]).bytes();
    assertBad(
        accept(bytes, NEEDS_CSUM, 0, 0, start + (offset == 16 && start == 24 ? 1 : 0), offset));
  }

  @Test
  void shouldMarkASuperPacketWhoseOwnHeadersLie() {
    byte[] good = unfinished(TestPacket.tcp4(TestPacket.pattern(500, 1)));
    int[][] changes = {
      {0, 0x44},
      {0, 0x4f},
      {0, 0x55},
      {0, 0}, // header length, version
      {2, 0},
      {3, 0},
      {2, 0xff}, // total length
      {6, 0x20},
      {6, 0x60},
      {7, 1}, // fragments
      {9, 17},
      {9, 1}, // protocol
      {32, 0x40},
      {32, 0} // TCP header length
    };
    for (int[] change : changes) {
      byte[] bytes = good.clone();
      bytes[change[0]] = (byte) change[1];
      assertBad(accept(bytes, NEEDS_CSUM, 1, 100, 20, 16));
      batch.clear();
    }
    assertThat(batch.segments(accept(good, NEEDS_CSUM, 1, 100, 20, 16))).isEqualTo(5);
  }

  @Test
  void shouldMarkASuperPacketCutShort() {
    TestPacket packet = TestPacket.tcp6(TestPacket.pattern(500, 1));
    packet.firstExtension = 43;
    packet.extensionHeaders = new byte[] {6, 0, 0, 0, 0, 0, 0, 0};
    byte[] good = unfinished(packet);
    for (int length = 1; length < good.length; length++) {
      assertBad(accept(Arrays.copyOf(good, length), NEEDS_CSUM, 4, 1, 48, 16));
      batch.clear();
    }
    assertThat(batch.segments(accept(good, NEEDS_CSUM, 4, 100, 48, 16))).isEqualTo(5);
    good[43] = 1; // a routing header with segments left
    assertBad(accept(good, NEEDS_CSUM, 4, 100, 48, 16));
    good[6] = 44; // a fragment header
    assertBad(accept(good, NEEDS_CSUM, 4, 100, 48, 16));
  }

  private void assertBad(int index) {
    assertThat(batch.segmentBytes(index)).isEqualTo(PacketBatch.BAD_SEGMENTS);
    assertThat(batch.segments(index)).isEqualTo(1);
  }

  private int accept(byte[] packet, int flags, int type, int segment, int start, int offset) {
    ByteBuffer virtio = ByteBuffer.allocate(10).order(ByteOrder.nativeOrder());
    virtio.put((byte) flags).put((byte) type).putShort((short) 0xdead).putShort((short) segment);
    virtio.putShort((short) start).putShort((short) offset);
    int index = TestBatches.add(batch, packet);
    batch.bytes().put(batch.offset(index) - 10, virtio.array());
    ReceivedOffload.accept(batch, index);
    return index;
  }

  /** With the sum of the pseudo-header in place of the checksum, as the kernel leaves it. */
  private static byte[] unfinished(TestPacket packet) {
    byte[] bytes = packet.bytes();
    byte[] transport = Arrays.copyOfRange(bytes, packet.transportOffset(), bytes.length);
    int field = packet.udp ? 6 : 16;
    ByteBuffer b = ByteBuffer.wrap(transport);
    int checksum = Short.toUnsignedInt(b.getShort(field));
    b.putShort(field, (short) 0);
    // checksum = ~(pseudo + transport), so pseudo = ~checksum - transport
    int pseudo = (~checksum & 0xffff) + (~TestPacket.sum(transport) & 0xffff);
    pseudo = (pseudo & 0xffff) + (pseudo >>> 16);
    ByteBuffer.wrap(bytes).putShort(packet.transportOffset() + field, (short) pseudo);
    return bytes;
  }
}
