package io.wgnetty.pipeline;

import io.wgnetty.tun.PacketBatch;
import java.nio.ByteBuffer;

/** Inner packets to send, and those found in batches. */
final class Packets {
  private Packets() {}

  /** An IPv4 UDP packet of this length, from {@code 10.0.source} to {@code 10.0.destination}. */
  static byte[] ipv4(int source, int destination, int length) {
    ByteBuffer packet = ByteBuffer.allocate(length);
    packet.put(0, (byte) 0x45).putShort(2, (short) length).put(8, (byte) 64).put(9, (byte) 17);
    packet.putInt(12, 0x0a00_0000 | source).putInt(16, 0x0a00_0000 | destination);
    for (int i = 20; i < length; i++) {
      packet.put(i, (byte) (i * 7 + source));
    }
    return packet.array();
  }

  /** An IPv6 UDP packet of this length, within {@code fd00::/64}. */
  static byte[] ipv6(int source, int destination, int length) {
    ByteBuffer packet = ByteBuffer.allocate(length);
    packet.put(0, (byte) 0x60).putShort(4, (short) (length - 40)).put(6, (byte) 17);
    packet.putLong(8, 0xfd00_0000_0000_0000L).putLong(16, source);
    packet.putLong(24, 0xfd00_0000_0000_0000L).putLong(32, destination);
    for (int i = 40; i < length; i++) {
      packet.put(i, (byte) (i * 3 + source));
    }
    return packet.array();
  }

  static byte[] bytes(PacketBatch batch, int index) {
    byte[] packet = new byte[batch.length(index)];
    batch.bytes().get(batch.offset(index), packet);
    return packet;
  }

  /** A packet with other bytes at one place. */
  static byte[] with(byte[] packet, int offset, int... bytes) {
    byte[] copy = packet.clone();
    for (int i = 0; i < bytes.length; i++) {
      copy[offset + i] = (byte) bytes[i];
    }
    return copy;
  }
}
