package io.wgnetty.simulation;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.BitSet;
import java.util.SplittableRandom;

/**
 * The book of all inner packets ever offered. A packet's bytes follow from its number, so that a
 * delivered one can be held against what was offered without keeping it.
 */
final class PacketLedger {
  private static final int ID_BYTES = Long.BYTES;
  private static final int IPV4_HEADER_BYTES = 20;
  private static final int IPV6_HEADER_BYTES = 40;

  /** Belongs to nobody's allowed IPs. */
  private static final int STRANGER = 200;

  private record Line(Flow flow, int length, boolean ipv6, boolean spoofed) {}

  private final long seed;
  private final SplittableRandom random;
  private Line[] lines = new Line[1024];
  private int count;
  private final BitSet delivered = new BitSet();

  PacketLedger(long seed) {
    this.seed = seed;
    this.random = new SplittableRandom(seed);
  }

  /** A new packet for the flow; one in fifty claims to come from somebody else. */
  byte[] offer(Flow flow, int mtu) {
    boolean ipv6 = random.nextInt(4) == 0;
    int least = (ipv6 ? IPV6_HEADER_BYTES : IPV4_HEADER_BYTES) + ID_BYTES;
    int length = random.nextInt(least, random.nextInt(10) == 0 ? mtu + 1 : 128);
    if (count == lines.length) {
      lines = Arrays.copyOf(lines, count * 2);
    }
    lines[count] = new Line(flow, length, ipv6, random.nextInt(50) == 0);
    return bytes(count++);
  }

  /**
   * Takes note of a delivered packet.
   *
   * @throws Violation if it should not have been
   */
  Flow delivered(int node, byte[] packet) {
    int idOffset = packet[0] >>> 4 == 4 ? IPV4_HEADER_BYTES : IPV6_HEADER_BYTES;
    long id = packet.length < idOffset + ID_BYTES ? -1 : ByteBuffer.wrap(packet).getLong(idOffset);
    if (id < 0 || id >= count || !Arrays.equals(packet, bytes((int) id))) {
      throw new Violation("node " + node + " delivered what nobody offered");
    }
    Line line = lines[(int) id];
    if (line.spoofed) {
      throw new Violation("node " + node + " delivered packet " + id + " from a wrong source");
    }
    if (line.flow.to != node) {
      throw new Violation("node " + node + " delivered packet " + id + " of flow " + line.flow);
    }
    if (delivered.get((int) id)) {
      throw new Violation("node " + node + " delivered packet " + id + " twice");
    }
    delivered.set((int) id);
    return line.flow;
  }

  long offeredCount() {
    return count;
  }

  long deliveredCount() {
    return delivered.cardinality();
  }

  /** How many honest packets of the flow never came. */
  int missingOf(Flow flow) {
    int missing = 0;
    for (int id = 0; id < count; id++) {
      if (lines[id].flow == flow && !lines[id].spoofed && !delivered.get(id)) {
        missing++;
      }
    }
    return missing;
  }

  /** Whether any packet of the flow has come. */
  boolean hasDelivered(Flow flow) {
    return delivered.stream().anyMatch(id -> lines[id].flow == flow);
  }

  private byte[] bytes(int id) {
    Line line = lines[id];
    byte[] packet = new byte[line.length];
    ByteBuffer buffer = ByteBuffer.wrap(packet);
    int source = line.spoofed ? STRANGER : line.flow.from;
    if (line.ipv6) {
      buffer.put(0, (byte) 0x60).putShort(4, (short) (line.length - IPV6_HEADER_BYTES));
      buffer.put(8, ipv6(source)).put(24, ipv6(line.flow.to)).position(IPV6_HEADER_BYTES);
    } else {
      buffer.put(0, (byte) 0x45).putShort(2, (short) line.length);
      buffer.put(12, ipv4(source)).put(16, ipv4(line.flow.to)).position(IPV4_HEADER_BYTES);
    }
    buffer.putLong(id);
    long state = seed ^ id;
    while (buffer.hasRemaining()) {
      state = state * 6364136223846793005L + 1442695040888963407L;
      buffer.put((byte) (state >>> 56));
    }
    return packet;
  }

  /** A node's IPv4 address inside the tunnels. */
  static byte[] ipv4(int node) {
    return new byte[] {10, 1, 0, (byte) node};
  }

  /** A node's IPv6 address inside the tunnels. */
  static byte[] ipv6(int node) {
    byte[] address = new byte[16];
    address[0] = (byte) 0xfd;
    address[15] = (byte) node;
    return address;
  }
}
