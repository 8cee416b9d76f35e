package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.util.Arrays;
import java.util.List;

/** What a read may bring: a virtio header and a packet, each of which may lie. */
class ReadOffloadFuzzTest {
  private static final int VIRTIO_BYTES = 10;
  private static final byte CANARY = 0x5c;
  private static final PacketBatch BATCH = TestBatches.POOL.take();

  @FuzzTest
  void shouldCutIntoGoodPacketsOrRefuse(byte[] data) {
    if (data.length <= VIRTIO_BYTES
        || data.length > VIRTIO_BYTES + PacketBatch.MAX_PACKET_BYTES
        || (data[0] == 0 && data[1] == 0)) {
      return; // an ordinary packet, of which nothing is asked
    }
    int index = read(data);
    assertCanaries(data.length - VIRTIO_BYTES);
    byte[] packet = TestBatches.packet(BATCH, index);
    byte[] before = Arrays.copyOfRange(data, VIRTIO_BYTES, data.length);
    if (BATCH.segmentBytes(index) <= 0) {
      assertThat(BATCH.segmentBytes(index)).isBetween(PacketBatch.BAD_SEGMENTS, 0);
      assertThat(BATCH.segments(index)).isEqualTo(1);
      assertThat(differences(before, packet)).isLessThanOrEqualTo(2); // the checksum
      return;
    }
    assertThat(packet).isEqualTo(before);
    int header = BATCH.headerBytes(index);
    int segments = BATCH.segments(index);
    List<byte[]> cut = TestBatches.segments(BATCH, index);
    assertCanaries(data.length - VIRTIO_BYTES);
    assertThat(cut).hasSize(segments).hasSizeGreaterThan(1);
    int payload = 0;
    for (byte[] segment : cut) {
      assertGood(segment, header);
      int bytes = segment.length - header;
      assertThat(
              Arrays.equals(
                  segment,
                  header,
                  segment.length,
                  before,
                  header + payload,
                  header + payload + bytes))
          .isTrue();
      payload += bytes;
    }
    assertThat(payload).isEqualTo(before.length - header);
  }

  private static int read(byte[] data) {
    BATCH.clear();
    int at = BATCH.nextOffset();
    for (int i = at - PacketBatch.HEADROOM; i < at + data.length + PacketBatch.TAILROOM; i++) {
      BATCH.bytes().put(i, CANARY);
    }
    BATCH.bytes().put(at - VIRTIO_BYTES, data);
    int index = BATCH.add(data.length - VIRTIO_BYTES);
    ReceivedOffload.accept(BATCH, index);
    return index;
  }

  /** Nothing outside virtio header and packet may have been written. */
  private static void assertCanaries(int length) {
    int at = BATCH.offset(0);
    for (int i = at - PacketBatch.HEADROOM; i < at - VIRTIO_BYTES; i++) {
      assertThat(BATCH.bytes().get(i)).isEqualTo(CANARY);
    }
    for (int i = at + length; i < at + length + PacketBatch.TAILROOM; i++) {
      assertThat(BATCH.bytes().get(i)).isEqualTo(CANARY);
    }
  }

  private static int differences(byte[] one, byte[] other) {
    int differences = 0;
    for (int i = 0; i < one.length; i++) {
      differences += one[i] == other[i] ? 0 : 1;
    }
    return differences;
  }

  private static void assertGood(byte[] segment, int header) {
    boolean ipv6 = segment[0] >>> 4 == 6;
    int length = ((segment[ipv6 ? 4 : 2] & 0xff) << 8) | (segment[ipv6 ? 5 : 3] & 0xff);
    assertThat(length).isEqualTo(segment.length - (ipv6 ? 40 : 0));
    if (!ipv6) {
      byte[] network = Arrays.copyOf(segment, 4 * (segment[0] & 0xf));
      assertThat(TestPacket.sum(network)).isEqualTo(0xffff);
    }
    // Where the transport header begins is not known here: it ends the header.
    assertThat(TestPacket.verifies(segment, header - 8, 17) || verifiesAsTcp(segment, header))
        .isTrue();
  }

  private static boolean verifiesAsTcp(byte[] segment, int header) {
    for (int bytes = 20; bytes <= 60; bytes += 4) {
      if (header - bytes >= 20 && TestPacket.verifies(segment, header - bytes, 6)) {
        return true;
      }
    }
    return false;
  }
}
