package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What peers may send: any packets, of which some are put together. None may change by that. */
class CoalescingFuzzTest {
  private static final CapturedWrites KERNEL = new CapturedWrites();
  private static final TunWriter WRITER = new TunWriter(3, true, TunOffloads.ALL, KERNEL);
  private static final PacketBatch BATCH = TestBatches.POOL.take();

  /** Packets as they are: two bytes of length before each. */
  @FuzzTest
  void shouldNotChangeAnyPackets(byte[] data) {
    assertUnchanged(split(data, false));
  }

  /** The same with lengths and checksums put right, so that there is something to put together. */
  @FuzzTest
  void shouldNotChangeGoodPackets(byte[] data) {
    assertUnchanged(split(data, true));
  }

  private static void assertUnchanged(List<byte[]> packets) {
    BATCH.clear();
    packets.forEach(packet -> TestBatches.add(BATCH, packet));
    KERNEL.writes.clear();
    assertThat(WRITER.write(BATCH)).isTrue();
    assertThat(byFlow(KERNEL.packets())).isEqualTo(byFlow(packets));
    assertThat(WRITER.errors()).isZero();
  }

  private static List<byte[]> split(byte[] data, boolean good) {
    var packets = new ArrayList<byte[]>();
    ByteBuffer b = ByteBuffer.wrap(data);
    int room = PacketBatch.SLAB_BYTES - 1;
    while (b.remaining() > 2 && packets.size() < PacketBatch.CAPACITY) {
      byte[] packet = new byte[Math.min(b.getShort() & 0x7ff, b.remaining())];
      b.get(packet);
      room -= packet.length + PacketBatch.HEADROOM + PacketBatch.TAILROOM + 16;
      if (room < 0) {
        break;
      }
      if (packet.length > 0) {
        if (good) {
          TestPacket.putRight(packet);
        }
        packets.add(packet);
      }
    }
    return packets;
  }

  private static Map<String, List<String>> byFlow(List<byte[]> packets) {
    var flows = new TreeMap<String, List<String>>();
    for (byte[] packet : packets) {
      flows.computeIfAbsent(flow(packet), key -> new ArrayList<>()).add(content(packet));
    }
    return flows;
  }

  private static String flow(byte[] packet) {
    boolean ipv6 = packet[0] >>> 4 == 6;
    int addresses = ipv6 ? 8 : 12;
    int ports = ipv6 ? 40 : 20;
    if (packet.length < ports + 4) {
      return "short";
    }
    return (ipv6 ? packet[6] : packet[9]) + HexFormat.of().formatHex(packet, addresses, ports + 4);
  }

  private static String content(byte[] packet) {
    byte[] content = packet.clone();
    if (packet.length >= 40 && packet[0] == 0x45) {
      boolean intact = TestPacket.sum(Arrays.copyOf(packet, 20)) == 0xffff;
      if (intact && (packet[6] & 0x40) != 0) {
        content[4] = content[5] = 0; // RFC 6864: of no use
      }
      if (intact) {
        content[10] = content[11] = 0; // either zero is right
      }
      zero(content, 36, TestPacket.verifies(packet, 20, 6));
    } else if (packet.length >= 60 && packet[0] >>> 4 == 6) {
      zero(content, 56, TestPacket.verifies(packet, 40, 6));
    }
    return HexFormat.of().formatHex(content);
  }

  /** Makes one zero out of both, which TCP does not tell apart. */
  private static void zero(byte[] content, int checksum, boolean intact) {
    if (intact && content[checksum] == -1 && content[checksum + 1] == -1) {
      content[checksum] = content[checksum + 1] = 0;
    }
  }
}
