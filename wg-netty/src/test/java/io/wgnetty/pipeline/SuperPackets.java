package io.wgnetty.pipeline;

import io.wgnetty.tun.Segmenter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** TCP super-packets, as the interface brings them, and what they stand for. */
final class SuperPackets {
  /** IPv4 and TCP without options. */
  static final int HEADER_BYTES = 40;

  private SuperPackets() {}

  /** One that carries so many bytes, from {@code 10.0.source} to {@code 10.0.destination}. */
  static byte[] tcp(int source, int destination, int payloadBytes) {
    ByteBuffer packet =
        ByteBuffer.wrap(Packets.ipv4(source, destination, HEADER_BYTES + payloadBytes));
    packet.put(9, (byte) 6).putInt(20, 0x1234_5678).putInt(24, 1_000_000 * source);
    packet.putInt(28, 77).putShort(32, (short) 0x5018).putShort(34, (short) 500);
    packet.putInt(36, 0);
    return packet.array();
  }

  /** The packets that a batch stands for; the batch stays as it is. */
  static List<byte[]> cut(TunnelBatch batch) {
    Segmenter segmenter = new Segmenter();
    List<byte[]> packets = new ArrayList<>();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.segmentBytes(i) == 0) {
        packets.add(Packets.bytes(batch, i));
        continue;
      }
      segmenter.begin(batch, i);
      while (segmenter.hasNext()) {
        ByteBuffer packet = ByteBuffer.allocate(HEADER_BYTES + batch.segmentBytes(i));
        segmenter.next(packet, 0);
        packet.put(
            HEADER_BYTES, batch.bytes(), segmenter.payloadOffset(), segmenter.payloadBytes());
        packet.limit(HEADER_BYTES + segmenter.payloadBytes());
        byte[] bytes = new byte[packet.remaining()];
        packet.get(bytes);
        packets.add(bytes);
      }
    }
    return packets;
  }
}
