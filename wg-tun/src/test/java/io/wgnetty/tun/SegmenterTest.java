package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.NoSuchElementException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class SegmenterTest {
  private final PacketBatch batch = TestBatches.POOL.take();

  @AfterEach
  void everythingIsGivenBack() {
    batch.release();
  }

  @Test
  void shouldCutTcpOverIpv4IntoThePacketsThatASenderWouldSend() {
    TestPacket whole = TestPacket.tcp4(TestPacket.pattern(3000, 1));
    whole.identification = 0xffff;
    whole.sequence = -500;
    whole.tcpOptions = HexFormat.of().parseHex("0101080a0102030405060708");
    whole.flags = TestPacket.ACK | TestPacket.PSH | TestPacket.FIN | TestPacket.CWR;

    TestPacket first = copyOf(whole, 0, 1448);
    first.flags = TestPacket.ACK | TestPacket.CWR;
    TestPacket second = copyOf(whole, 1448, 2896);
    second.flags = TestPacket.ACK;
    second.identification = 0;
    TestPacket third = copyOf(whole, 2896, 3000);
    third.flags = TestPacket.ACK | TestPacket.PSH | TestPacket.FIN;
    third.identification = 1;
    assertSegments(whole, 1448, first, second, third);
  }

  @Test
  void shouldCutTcpOverIpv6WithExtensionHeaders() {
    TestPacket whole = TestPacket.tcp6(TestPacket.pattern(2001, 2));
    whole.firstExtension = 0; // hop-by-hop options, then destination options
    whole.extensionHeaders = HexFormat.of().parseHex("3c00010400000000" + "0600010400000000");
    whole.trafficClass = 0xb8;
    assertSegments(whole, 1001, copyOf(whole, 0, 1001), copyOf(whole, 1001, 2001));
  }

  @Test
  void shouldCutUdpOverBothFamilies() {
    TestPacket whole = TestPacket.udp4(TestPacket.pattern(5500, 3));
    TestPacket[] parts = new TestPacket[6];
    for (int i = 0; i < 6; i++) {
      parts[i] = copyOf(whole, i * 1000, Math.min(5500, i * 1000 + 1000));
      parts[i].identification = whole.identification + i;
    }
    assertSegments(whole, 1000, parts);

    TestPacket whole6 = TestPacket.udp6(TestPacket.pattern(5, 4));
    TestPacket[] parts6 = new TestPacket[5];
    for (int i = 0; i < 5; i++) {
      parts6[i] = copyOf(whole6, i, i + 1);
    }
    assertSegments(whole6, 1, parts6);
  }

  @Test
  void shouldWriteTheOtherZeroForAUdpChecksumOfZero() {
    TestPacket whole = TestPacket.udp4(new byte[4]);
    // The second datagram's payload is chosen to make everything else vanish.
    TestPacket second = copyOf(whole, 2, 4);
    second.payload = new byte[] {0, 0};
    byte[] bytes = second.bytes();
    int checksum = ByteBuffer.wrap(bytes).getShort(26);
    second.payload = new byte[] {(byte) (checksum >>> 8), (byte) checksum};
    whole.payload = new byte[] {1, 2, second.payload[0], second.payload[1]};
    second.identification++;
    assertThat(ByteBuffer.wrap(second.bytes()).getShort(26)).isEqualTo((short) 0xffff);
    assertSegments(whole, 2, copyOf(whole, 0, 2), second);
  }

  @Test
  void shouldLetHeadersBeTakenBeforeTheyArePlaced() {
    TestPacket whole = TestPacket.tcp4(TestPacket.pattern(100, 5));
    int index = add(whole, 10);
    var segmenter = new Segmenter();
    segmenter.begin(batch, index);
    ByteBuffer headers = ByteBuffer.allocateDirect(10 * 40);
    for (int i = 0; i < 10; i++) {
      assertThat(segmenter.next(headers, i * 40)).isEqualTo(40);
      assertThat(segmenter.payloadOffset()).isEqualTo(batch.offset(index) + 40 + i * 10);
      assertThat(segmenter.payloadBytes()).isEqualTo(10);
      TestPacket expected = copyOf(whole, i * 10, i * 10 + 10);
      expected.identification = whole.identification + i;
      byte[] header = new byte[40];
      headers.get(i * 40, header);
      assertThat(header).isEqualTo(Arrays.copyOf(expected.bytes(), 40));
    }
    assertThat(segmenter.hasNext()).isFalse();
    assertThatThrownBy(() -> segmenter.next(headers, 0)).isInstanceOf(NoSuchElementException.class);
    assertThat(TestBatches.packet(batch, index)).isEqualTo(whole.bytes());
  }

  @Test
  void shouldRefuseWhatIsNoSuperPacket() {
    byte[] bytes = TestPacket.tcp4(TestPacket.pattern(100, 6)).bytes();
    int ordinary = TestBatches.add(batch, bytes);
    int bad = TestBatches.add(batch, bytes);
    batch.setSegments(bad, 0, PacketBatch.BAD_SEGMENTS);
    int wrongHeader = TestBatches.add(batch, bytes);
    batch.setSegments(wrongHeader, 44, 10);
    int noIp = TestBatches.add(batch, new byte[100]);
    batch.setSegments(noIp, 40, 10);
    var segmenter = new Segmenter();
    for (int index : new int[] {ordinary, bad, wrongHeader, noIp}) {
      assertThatThrownBy(() -> segmenter.begin(batch, index))
          .isInstanceOf(IllegalArgumentException.class);
      assertThat(segmenter.hasNext()).isFalse();
    }
  }

  private void assertSegments(TestPacket whole, int segmentBytes, TestPacket... expected) {
    int index = add(whole, segmentBytes);
    List<byte[]> segments = TestBatches.segments(batch, index);
    assertThat(segments).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat(segments.get(i)).as("segment %d", i).isEqualTo(expected[i].bytes());
    }
  }

  private int add(TestPacket whole, int segmentBytes) {
    int index = TestBatches.add(batch, whole.bytes());
    batch.setSegments(index, whole.headerBytes(), segmentBytes);
    assertThat(batch.segments(index)).isEqualTo(Math.ceilDiv(whole.payload.length, segmentBytes));
    return index;
  }

  private static TestPacket copyOf(TestPacket whole, int from, int to) {
    TestPacket part = whole.copy();
    part.payload = Arrays.copyOfRange(whole.payload, from, to);
    part.sequence += from;
    return part;
  }
}
