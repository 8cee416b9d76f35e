package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

/**
 * Putting together and cutting are inverse, whatever flows and whatever disturbs them. A run's seed
 * is printed, as what repeats it.
 */
class OffloadPropertyTest {
  private static final int RUNS = 1000;
  private static final int FLOWS = 6;

  private final long seed = Long.getLong("wgnetty.seed", new Random().nextLong());
  private final Random random = new Random(seed);
  private final CapturedWrites kernel = new CapturedWrites();
  private final TunWriter writer = new TunWriter(3, true, TunOffloads.ALL, kernel);

  @RepeatedTest(2)
  void shouldGiveBackEveryFlowAsItWentIn() {
    System.out.println("OffloadPropertyTest: -Dwgnetty.seed=" + seed);
    for (int run = 0; run < RUNS; run++) {
      var flows = new RandomFlows(random);
      List<byte[]> packets = flows.packets(1 + random.nextInt(PacketBatch.CAPACITY));
      kernel.writes.clear();
      write(packets);
      assertThat(byFlow(kernel.packets()))
          .as("seed %d run %d", seed, run)
          .isEqualTo(byFlow(packets));
    }
    assertThat(writer.errors()).isZero();
    assertThat(writer.coalesced()).as("seed %d", seed).isGreaterThan(writer.packets() / 4);
    assertThat(writer.writes()).isLessThan(writer.packets());
  }

  @Test
  void shouldPutTogetherWhatWasCut() {
    System.out.println("OffloadPropertyTest: -Dwgnetty.seed=" + seed);
    for (int run = 0; run < RUNS; run++) {
      TestPacket whole = superPacket();
      int count = 2 + random.nextInt(whole.udp ? 63 : 127);
      int header = whole.headerBytes();
      int segment = 1 + random.nextInt(Math.min(1460, (65_535 - header) / count));
      whole.payload = new byte[segment * (count - 1) + 1 + random.nextInt(segment)];
      random.nextBytes(whole.payload);
      byte[] bytes = whole.bytes();

      kernel.writes.clear();
      write(cut(bytes, header, segment));

      assertThat(kernel.writes).as("seed %d run %d", seed, run).hasSize(1);
      byte[] written = kernel.writes.getFirst();
      int checksum = 10 + whole.transportOffset() + (whole.udp ? 6 : 16);
      written[checksum] = bytes[checksum - 10]; // there the kernel wants another sum
      written[checksum + 1] = bytes[checksum - 9];
      assertThat(Arrays.copyOfRange(written, 10, written.length)).isEqualTo(bytes);
      ByteBuffer virtio = ByteBuffer.wrap(written).order(ByteOrder.nativeOrder());
      assertThat(virtio.getShort(2)).isEqualTo((short) header);
      assertThat(virtio.getShort(4)).isEqualTo((short) segment);
    }
  }

  private TestPacket superPacket() {
    TestPacket whole = TestPacket.tcp4(new byte[0]);
    whole.ipv6 = random.nextBoolean();
    whole.udp = random.nextBoolean();
    whole.trafficClass = random.nextInt(256);
    whole.ttl = 1 + random.nextInt(255);
    whole.identification = random.nextInt(1 << 16);
    whole.fragmentField = random.nextBoolean() ? 0x4000 : 0;
    whole.sequence = random.nextInt();
    whole.acknowledgement = random.nextInt();
    whole.window = random.nextInt(1 << 16);
    whole.flags |= random.nextBoolean() ? TestPacket.PSH : 0;
    whole.tcpOptions = new byte[4 * random.nextInt(11)];
    random.nextBytes(whole.tcpOptions);
    return whole;
  }

  private static List<byte[]> cut(byte[] bytes, int header, int segment) {
    PacketBatch batch = TestBatches.POOL.take();
    try {
      int index = TestBatches.add(batch, bytes);
      batch.setSegments(index, header, segment);
      return TestBatches.segments(batch, index);
    } finally {
      batch.release();
    }
  }

  private void write(List<byte[]> packets) {
    PacketBatch batch = TestBatches.POOL.take();
    try {
      packets.forEach(packet -> TestBatches.add(batch, packet));
      assertThat(batch.size()).isEqualTo(packets.size());
      assertThat(writer.write(batch)).isTrue();
    } finally {
      batch.release();
    }
  }

  /** The packets as text, in order, under addresses and protocol. */
  private static Map<String, List<String>> byFlow(List<byte[]> packets) {
    var flows = new LinkedHashMap<String, List<String>>();
    for (byte[] packet : packets) {
      boolean ipv6 = packet[0] >>> 4 == 6;
      byte[] addresses = Arrays.copyOfRange(packet, ipv6 ? 8 : 12, ipv6 ? 40 : 20);
      int protocol = ipv6 ? packet[6] : packet[9];
      if (protocol == RandomFlows.DESTINATION_OPTIONS) {
        protocol = packet[40];
      }
      byte[] content = packet.clone();
      if (!ipv6 && (content[6] & 0x40) != 0) {
        // Has no use for an identification, so the kernel may give it another (RFC 6864).
        assertThat(TestPacket.sum(Arrays.copyOf(content, 4 * (content[0] & 0xf)))).isNotZero();
        content[4] = content[5] = 0;
        content[10] = content[11] = 0;
      }
      flows
          .computeIfAbsent(
              HexFormat.of().formatHex(addresses) + "/" + protocol, key -> new ArrayList<>())
          .add(HexFormat.of().formatHex(content));
    }
    return new TreeMap<>(flows);
  }

  /** Flows in progress, whose packets come in bursts and are disturbed now and then. */
  private static final class RandomFlows {
    static final int DESTINATION_OPTIONS = 60;
    private static final int[] LENGTHS = {1, 2, 31, 100, 536, 1368};

    private final Random random;
    private final TestPacket[] flows = new TestPacket[FLOWS];
    private final int[] segmentBytes = new int[FLOWS];

    RandomFlows(Random random) {
      this.random = random;
      for (int i = 0; i < FLOWS; i++) {
        TestPacket flow = TestPacket.tcp4(new byte[0]);
        flow.flow = i;
        flow.ipv6 = random.nextBoolean();
        flow.udp = random.nextInt(3) == 0;
        flow.fragmentField = random.nextBoolean() ? 0x4000 : 0;
        flow.sequence = random.nextInt();
        flow.identification = random.nextInt(1 << 16);
        flow.tcpOptions = new byte[random.nextBoolean() ? 12 : 0];
        flows[i] = flow;
        segmentBytes[i] = LENGTHS[random.nextInt(LENGTHS.length)];
      }
    }

    List<byte[]> packets(int count) {
      var packets = new ArrayList<byte[]>();
      int room = PacketBatch.SLAB_BYTES - 2 * PacketBatch.MAX_PACKET_BYTES;
      while (packets.size() < count) {
        int flow = random.nextInt(FLOWS);
        int burst = 1 + random.nextInt(20);
        for (int i = 0; i < burst && packets.size() < count; i++) {
          if (random.nextInt(3) == 0) {
            flow = random.nextInt(FLOWS); // the flows alternate
          }
          byte[] packet = disturbed(next(flow));
          room -= packet.length + 80;
          if (room < 0) {
            return packets;
          }
          packets.add(packet);
        }
      }
      if (random.nextInt(4) == 0 && packets.size() > 2) {
        int at = random.nextInt(packets.size() - 1);
        packets.add(at, packets.remove(at + 1)); // reordered
      }
      return packets;
    }

    private TestPacket next(int number) {
      TestPacket flow = flows[number];
      TestPacket packet = flow.copy();
      int length = segmentBytes[number];
      switch (random.nextInt(24)) {
        case 0 -> length = random.nextInt(length + 1);
        case 1 -> length += random.nextInt(64);
        case 2 -> packet.flags |= TestPacket.PSH;
        case 3 -> packet.flags = random.nextInt(256);
        case 4 -> flow.acknowledgement += 1448;
        case 5 -> flow.window++;
        case 6 -> flow.identification += random.nextInt(3);
        case 7 -> flow.sequence += random.nextInt(3000) - 1500;
        default -> {}
      }
      packet.payload = new byte[length];
      random.nextBytes(packet.payload);
      flow.sequence += length;
      flow.identification = (flow.identification + 1) & 0xffff;
      return packet;
    }

    private byte[] disturbed(TestPacket packet) {
      int kind = random.nextInt(64);
      switch (kind) {
        case 0 -> packet.fragmentField |= 0x2000;
        case 1 -> packet.fragmentField |= 1 + random.nextInt(0x1fff);
        case 2 -> packet.ttl = random.nextInt(256);
        case 3 -> packet.trafficClass = random.nextInt(256);
        case 4 -> packet.ipOptions = new byte[4 * random.nextInt(11)];
        case 5 -> {
          packet.firstExtension = DESTINATION_OPTIONS;
          packet.extensionHeaders = new byte[] {(byte) packet.protocol(), 0, 1, 4, 0, 0, 0, 0};
        }
        case 6 -> random.nextBytes(packet.tcpOptions);
        case 7 -> packet.withoutChecksum = true;
        case 8 -> packet.urgent = random.nextInt(1 << 16);
        default -> {}
      }
      byte[] bytes = packet.bytes();
      int header = packet.headerBytes();
      switch (kind) {
        // Not in addresses and ports: another flow's packets may be overtaken.
        case 9 -> bytes[header - 1 - random.nextInt(packet.udp ? 4 : 16)] ^= flip();
        case 10 -> bytes[random.nextInt(packet.ipv6 ? 4 : 8)] ^= (byte) (flip() & 0x0f);
        case 11 -> bytes[bytes.length - 1] ^= flip();
        case 12 -> bytes = Arrays.copyOf(bytes, bytes.length + 1 + random.nextInt(9));
        case 13 -> bytes = Arrays.copyOf(bytes, header - 1 - random.nextInt(8));
        default -> {}
      }
      return bytes;
    }

    private byte flip() {
      return (byte) (1 << random.nextInt(8));
    }
  }
}
