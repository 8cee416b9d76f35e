package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TunWriterTest {
  private final PacketBatch batch = TestBatches.POOL.take();
  private final CapturedWrites kernel = new CapturedWrites();
  private TunWriter writer = new TunWriter(3, true, TunOffloads.ALL, kernel);

  @AfterEach
  void everythingIsGivenBack() {
    batch.release();
  }

  @Test
  void shouldWriteThreeTcpSegmentsAsOne() {
    List<byte[]> packets = tcp(1, 3, p -> {});
    write(packets);

    assertThat(kernel.writes).hasSize(1);
    // NEEDS_CSUM, TCPV4, 40 bytes of header, 100 a segment, transport at 20, checksum at 16
    assertThat(kernel.writes.getFirst()).startsWith(1, 1, 40, 0, 100, 0, 20, 0, 16, 0);
    assertThat(kernel.writes.getFirst()).hasSize(10 + 40 + 300);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
    assertThat(writer.packets()).isEqualTo(3);
    assertThat(writer.coalesced()).isEqualTo(3);
    assertThat(writer.writes()).isEqualTo(1);
  }

  @Test
  void shouldWriteThreeDatagramsAsOne() {
    // 100, 100 and 50 bytes, as observed on a 6.18 kernel: protocol 8.1
    List<byte[]> packets = udp(1, 100, 100, 50);
    write(packets);

    assertThat(kernel.writes).hasSize(1);
    assertThat(kernel.writes.getFirst()).startsWith(1, 5, 28, 0, 100, 0, 20, 0, 6, 0);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  @Test
  void shouldWriteOtherKindsOfFlowAsOne() {
    List<byte[]> tcp6 = tcp(1, 4, p -> p.ipv6 = true);
    List<byte[]> options =
        tcp(2, 4, p -> p.tcpOptions = HexFormat.of().parseHex("0101080a0102030405060708"));
    List<byte[]> udp6 = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      udp6.add(TestPacket.udp6(TestPacket.pattern(60, i)).bytes());
    }
    write(concat(tcp6, options, udp6));

    assertThat(kernel.writes).hasSize(3).allMatch(CapturedWrites::isMerged);
    assertThat(kernel.packets()).containsExactlyElementsOf(concat(tcp6, options, udp6));
  }

  @Test
  void shouldMergeFlowsThatAlternate() {
    List<byte[]> one = tcp(1, 20, p -> {});
    List<byte[]> two = tcp(2, 20, p -> p.ipv6 = true);
    List<byte[]> three = tcp(3, 20, p -> {});
    List<byte[]> mixed = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      mixed.addAll(List.of(one.get(i), two.get(i), three.get(i)));
    }
    write(mixed);

    assertThat(kernel.writes).hasSize(3);
    assertThat(kernel.packets()).containsExactlyElementsOf(concat(one, two, three));
  }

  @Test
  void shouldEndAMergedPacketWithAPushedOrAShorterSegment() {
    List<byte[]> packets = new ArrayList<>();
    int sequence = 0;
    for (int length : new int[] {100, 100, 40, 100, 100, 100}) {
      TestPacket packet = TestPacket.tcp4(TestPacket.pattern(length, packets.size()));
      packet.sequence = sequence;
      packet.identification = packets.size();
      packet.flags |= packets.size() == 4 ? TestPacket.PSH : 0;
      packets.add(packet.bytes());
      sequence += length;
    }
    write(packets);

    assertThat(kernel.writes).hasSize(3); // 100+100+40, 100+100 pushed, 100
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  @Test
  void shouldMergeNoMoreThan64Datagrams() {
    int[] lengths = new int[128];
    Arrays.fill(lengths, 20);
    List<byte[]> packets = udp(1, lengths);
    write(packets);

    assertThat(kernel.writes).hasSize(2);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  @Test
  void shouldMergeNoMoreThan65535Bytes() {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 52; i++) {
      TestPacket packet = TestPacket.tcp4(TestPacket.pattern(1368, i));
      packet.sequence = i * 1368;
      packets.add(packet.bytes());
    }
    write(packets);

    assertThat(kernel.writes).hasSize(2);
    assertThat(kernel.writes.getFirst()).hasSize(10 + 40 + 47 * 1368);
    assertThat(withoutIdentification(kernel.packets()))
        .containsExactlyElementsOf(withoutIdentification(packets));
  }

  /** Each change makes the middle one of five segments one that must stay alone. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "flags",
        "ack",
        "window",
        "urgent",
        "ttl",
        "class",
        "df",
        "evil",
        "options",
        "ipOptions",
        "sequence",
        "checksum",
        "ipChecksum",
        "length",
        "trailer"
      })
  void shouldNotMergeAPacketThatDiffers(String change) {
    List<byte[]> packets = tcp(1, 5, p -> {});
    TestPacket packet = TestPacket.tcp4(TestPacket.pattern(100, 9));
    packet.sequence += 200;
    packet.identification += 2;
    switch (change) {
      case "flags" -> packet.flags |= 0x40;
      case "ack" -> packet.acknowledgement++;
      case "window" -> packet.window++;
      case "urgent" -> packet.urgent++;
      case "ttl" -> packet.ttl--;
      case "class" -> packet.trafficClass = 3;
      case "df" -> packet.fragmentField = 0;
      case "evil" -> packet.fragmentField |= 0x8000;
      case "options" -> packet.tcpOptions = new byte[] {1, 1, 1, 1};
      case "ipOptions" -> packet.ipOptions = new byte[] {1, 1, 1, 1};
      case "sequence" -> packet.sequence++;
      default -> {}
    }
    byte[] bytes = packet.bytes();
    switch (change) {
      case "checksum" -> bytes[99] ^= 1;
      case "ipChecksum" -> bytes[10] ^= 1;
      case "length" -> bytes[3]++;
      case "trailer" -> bytes = Arrays.copyOf(bytes, bytes.length + 6);
      default -> {}
    }
    packets.set(2, bytes);
    write(packets);

    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
    assertThat(kernel.writes).hasSize(3);
    assertThat(CapturedWrites.isMerged(kernel.writes.get(1))).isFalse();
  }

  @Test
  void shouldMergeFragmentableSegmentsOnlyInOrderOfIdentification() {
    write(tcp(1, 3, p -> p.fragmentField = 0));
    assertThat(kernel.writes).hasSize(1);

    write(
        tcp(
            1,
            3,
            p -> {
              p.fragmentField = 0;
              p.identification = 7;
            }));
    assertThat(kernel.writes).hasSize(4);

    write(tcp(1, 3, p -> p.identification = 7)); // nobody needs it
    assertThat(kernel.writes).hasSize(5);
  }

  @Test
  void shouldNotMergeDatagramsWithoutChecksum() {
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      TestPacket packet = TestPacket.udp4(TestPacket.pattern(50, i));
      packet.withoutChecksum = true;
      packets.add(packet.bytes());
    }
    write(packets);
    assertThat(kernel.writes).hasSize(3);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  @Test
  void shouldNotLetSegmentsPassAFragment() {
    List<byte[]> packets = tcp(1, 5, p -> {});
    TestPacket fragment = TestPacket.tcp4(TestPacket.pattern(100, 3));
    fragment.fragmentField = 0x2000;
    packets.add(2, fragment.bytes());
    write(packets);
    assertThat(kernel.writes).hasSize(3);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  @Test
  void shouldWriteDatagramsSinglyAtOnceWhereTheKernelCannotCutThem() {
    kernel.refuse(Errno.EINVAL, write -> write[1] == 5);
    List<byte[]> datagrams = udp(1, 100, 100, 100);
    List<byte[]> segments = tcp(2, 3, p -> {});
    write(concat(datagrams, segments));

    assertThat(kernel.writes).hasSize(4);
    assertThat(kernel.packets()).containsExactlyElementsOf(concat(datagrams, segments));
    assertThat(writer.packets()).isEqualTo(6);
    assertThat(writer.errors()).isZero();
    assertThat(writer.fallbacks()).isEqualTo(1);
    assertThat(writer.coalesced()).isEqualTo(3);

    write(udp(1, 100, 100));
    assertThat(writer.writes()).isEqualTo(5 + 2);
    assertThat(writer.fallbacks()).isEqualTo(1);
  }

  @Test
  void shouldNotBlameMergingForPacketsThatAreRefusedAnyway() {
    kernel.refuse(Errno.EINVAL, write -> true);
    write(udp(1, 100, 100));
    assertThat(writer.errors()).isEqualTo(2);
    assertThat(writer.fallbacks()).isZero();

    kernel.refuse(0, write -> false);
    write(udp(1, 100, 100));
    assertThat(kernel.writes).hasSize(1);
  }

  @Test
  void shouldCountEveryPacketOfARefusedWrite() {
    kernel.refuse(5, write -> true); // EIO: the link is down
    write(tcp(1, 7, p -> {}));
    assertThat(writer.errors()).isEqualTo(7);
    assertThat(writer.packets()).isZero();
    assertThat(writer.writes()).isEqualTo(1);
  }

  @Test
  void shouldStopAtAnInterfaceThatIsGone() {
    kernel.refuse(Errno.EBADFD, write -> true);
    fill(concat(tcp(1, 3, p -> {}), tcp(2, 3, p -> {})));
    assertThat(writer.write(batch)).isFalse();
    assertThat(writer.errors()).isEqualTo(6);
    assertThat(writer.writes()).isEqualTo(1);
  }

  @Test
  void shouldKeepPacketsApartThatHaveNoPlaceInTheSlab() {
    fill(tcp(1, 4, p -> {}));
    batch.setBounds(1, 4, 140); // no place for the header
    batch.setBounds(2, PacketBatch.SLAB_BYTES - 100, 140);
    batch.setBounds(3, batch.offset(3), -1);
    assertThat(writer.write(batch)).isTrue();
    assertThat(writer.packets()).isEqualTo(1);
    assertThat(writer.errors()).isEqualTo(3);
  }

  @Test
  void shouldPassASuperPacketOnAsOne() {
    TestPacket whole = TestPacket.tcp6(TestPacket.pattern(5000, 1));
    fill(List.of(whole.bytes(), whole.bytes(), whole.bytes()));
    batch.setSegments(0, 60, 1400);
    batch.setSegments(1, 0, PacketBatch.BAD_SEGMENTS);
    batch.setSegments(2, 64, 1400);
    List<byte[]> segments = segmentsOf(0);
    writer.write(batch);

    assertThat(writer.packets()).isEqualTo(4);
    assertThat(writer.errors()).isEqualTo(1 + 4);
    assertThat(kernel.writes).hasSize(1);
    assertThat(kernel.packets()).containsExactlyElementsOf(segments);
  }

  private List<byte[]> segmentsOf(int index) {
    PacketBatch copy = TestBatches.POOL.take();
    try {
      int at = TestBatches.add(copy, TestBatches.packet(batch, index));
      copy.setSegments(at, batch.headerBytes(index), batch.segmentBytes(index));
      return TestBatches.segments(copy, at);
    } finally {
      copy.release();
    }
  }

  @Test
  void shouldWriteEveryPacketAloneWithoutOffloads() {
    writer = new TunWriter(3, true, TunOffloads.NONE, kernel);
    List<byte[]> packets = concat(tcp(1, 3, p -> {}), udp(2, 100, 100));
    write(packets);
    assertThat(kernel.writes).hasSize(5).noneMatch(CapturedWrites::isMerged);
    assertThat(kernel.packets()).containsExactlyElementsOf(packets);
  }

  private void write(List<byte[]> packets) {
    fill(packets);
    assertThat(writer.write(batch)).isTrue();
  }

  private void fill(List<byte[]> packets) {
    batch.clear();
    packets.forEach(packet -> TestBatches.add(batch, packet));
  }

  private static List<byte[]> tcp(int flow, int count, Consumer<TestPacket> change) {
    var packets = new ArrayList<byte[]>();
    for (int i = 0; i < count; i++) {
      TestPacket packet = TestPacket.tcp4(TestPacket.pattern(100, i));
      packet.flow = flow;
      packet.sequence += i * 100;
      packet.identification += i;
      change.accept(packet);
      packets.add(packet.bytes());
    }
    return packets;
  }

  private static List<byte[]> udp(int flow, int... lengths) {
    var packets = new ArrayList<byte[]>();
    for (int i = 0; i < lengths.length; i++) {
      TestPacket packet = TestPacket.udp4(TestPacket.pattern(lengths[i], i));
      packet.flow = flow;
      packet.identification += i % 64;
      packets.add(packet.bytes());
    }
    return packets;
  }

  private static List<byte[]> withoutIdentification(List<byte[]> packets) {
    for (byte[] packet : packets) {
      packet[4] = packet[5] = packet[10] = packet[11] = 0;
    }
    return packets;
  }

  @SafeVarargs
  private static List<byte[]> concat(List<byte[]>... lists) {
    var all = new ArrayList<byte[]>();
    for (List<byte[]> list : lists) {
      all.addAll(list);
    }
    return all;
  }
}
