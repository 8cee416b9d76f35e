package io.wgnetty.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Super-packets through both chains: bob gets the packets that they stand for, in order. */
class SuperPacketTest extends ChainTest {
  private final List<byte[]> expected = new ArrayList<>();

  private TunnelBatch superPackets(int payloadBytes, int segmentBytes, int count) {
    byte[][] packets = new byte[count][];
    for (int i = 0; i < count; i++) {
      packets[i] = SuperPackets.tcp(ALICE, BOB, payloadBytes - i);
    }
    TunnelBatch batch = alice.batch(packets);
    for (int i = 0; i < count; i++) {
      batch.setSegments(i, SuperPackets.HEADER_BYTES, segmentBytes);
    }
    expected.addAll(SuperPackets.cut(batch));
    return batch;
  }

  @ParameterizedTest
  @CsvSource({
    "60000, 1380, 1", // full segments, sealed from where they lie
    "60000, 1380, 3", // more than one slab of datagrams
    "60000, 1000, 2", // padding inside the super-packet: each segment is moved
    "64000, 40, 2", // far more segments than a run of the cipher takes
    "1380, 1380, 1", // one segment
    "1381, 1380, 1", // a last segment of one byte
    "100, 1, 1", // the smallest segments there can be
    "5000, 1368, 40", // many small super-packets
  })
  void shouldArriveAsTheirSegments(int payloadBytes, int segmentBytes, int count) {
    connect();
    alice.tun().writeInbound(superPackets(payloadBytes, segmentBytes, count));
    settle();
    List<byte[]> delivered = bob.delivered();
    assertThat(delivered).hasSameSizeAs(expected);
    for (int i = 0; i < expected.size(); i++) {
      assertThat(delivered.get(i)).as("packet %d", i).isEqualTo(expected.get(i));
    }
  }

  @Test
  void shouldWaitForASessionAsTheirSegments() {
    alice.tun().writeInbound(superPackets(20_000, 1380, 2));
    assertThat(toBob.staged().size()).isEqualTo(expected.size());
    settle();
    assertThat(bob.delivered()).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void shouldBeMixedWithOrdinaryPackets() {
    connect();
    byte[] small = Packets.ipv4(ALICE, BOB, 99);
    TunnelBatch batch = alice.batch(small, SuperPackets.tcp(ALICE, BOB, 9000), small);
    batch.setSegments(1, SuperPackets.HEADER_BYTES, 1380);
    expected.addAll(SuperPackets.cut(batch));
    alice.tun().writeInbound(batch);
    settle();
    assertThat(bob.delivered()).usingRecursiveComparison().isEqualTo(expected);
  }

  @Test
  void shouldBeDroppedAndCountedWhenTheirHeaderLied() {
    connect();
    TunnelBatch batch = alice.batch(Packets.ipv4(ALICE, BOB, 99), SuperPackets.tcp(1, 2, 9000));
    batch.setSegments(1, 0, TunnelBatch.BAD_SEGMENTS);
    alice.tun().writeInbound(batch);
    settle();
    assertThat(bob.delivered()).hasSize(1);
    assertThat(alice.drops(DropReason.BAD_SUPER_PACKET)).isEqualTo(1);
  }

  @Test
  void shouldTakeOneCounterForEachSegment() {
    connect(); // counter 0 is used
    alice.tun().writeInbound(superPackets(13_800, 1380, 2));
    long expectedCounter = 1;
    for (byte[] datagram : fetch(alice)) {
      assertThat(ByteBuffer.wrap(datagram).getLong(8))
          .isEqualTo(Long.reverseBytes(expectedCounter++));
    }
    assertThat(expectedCounter).isEqualTo(21);
  }
}
