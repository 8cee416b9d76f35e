package io.wgnetty.tun;

import io.netty.buffer.UnpooledByteBufAllocator;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Batches for tests, and the packets that a {@link Segmenter} makes of them. */
final class TestBatches {
  static final PacketBatchPool<PacketBatch> POOL =
      new PacketBatchPool<>(pool -> new PacketBatch(UnpooledByteBufAllocator.DEFAULT, pool) {});

  private TestBatches() {}

  static int add(PacketBatch batch, byte[] packet) {
    batch.bytes().put(batch.nextOffset(), packet);
    return batch.add(packet.length);
  }

  static byte[] packet(PacketBatch batch, int index) {
    byte[] packet = new byte[batch.length(index)];
    batch.bytes().get(batch.offset(index), packet);
    return packet;
  }

  /** Cuts a super-packet as the data path does: each header right before its payload. */
  static List<byte[]> segments(PacketBatch batch, int index) {
    var segmenter = new Segmenter();
    var segments = new ArrayList<byte[]>();
    ByteBuffer headers = ByteBuffer.allocateDirect(Segmenter.MAX_HEADER_BYTES);
    segmenter.begin(batch, index);
    while (segmenter.hasNext()) {
      int header = segmenter.next(headers, 0);
      int at = segmenter.payloadOffset() - header;
      batch.bytes().put(at, headers, 0, header);
      byte[] segment = new byte[header + segmenter.payloadBytes()];
      batch.bytes().get(at, segment);
      segments.add(segment);
    }
    return segments;
  }
}
