package io.wgnetty.pipeline;

import io.wgnetty.tun.Segmenter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** Copies packets out of their batch, for those that have to wait. */
final class PacketCopies {
  private final Segmenter segmenter = new Segmenter();
  private final ByteBuffer header = ByteBuffer.allocateDirect(Segmenter.MAX_HEADER_BYTES);

  /** The packet; for a super-packet, those that it stands for. */
  List<byte[]> of(TunnelBatch batch, int index) {
    ByteBuffer bytes = batch.bytes();
    if (batch.segmentBytes(index) == 0) {
      byte[] packet = new byte[batch.length(index)];
      bytes.get(batch.offset(index), packet);
      return List.of(packet);
    }
    List<byte[]> packets = new ArrayList<>();
    segmenter.begin(batch, index);
    while (segmenter.hasNext()) {
      int headerBytes = segmenter.next(header, 0);
      byte[] packet = new byte[headerBytes + segmenter.payloadBytes()];
      header.get(0, packet, 0, headerBytes);
      bytes.get(segmenter.payloadOffset(), packet, headerBytes, segmenter.payloadBytes());
      packets.add(packet);
    }
    return packets;
  }
}
