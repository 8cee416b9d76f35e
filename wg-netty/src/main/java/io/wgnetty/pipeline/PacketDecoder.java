package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.inner.InnerPacket;

/**
 * The first stage outbound: what the interface brings has to be an IP packet (protocol 4.2 step 1).
 */
final class PacketDecoder extends BatchHandler {
  private final ShardCounters counters;

  PacketDecoder(ShardCounters counters) {
    this.counters = counters;
  }

  @Override
  void process(TunnelBatch batch) {
    counters.interfaceBatches().count(batch.size());
    for (int i = 0; i < batch.size(); i++) {
      if (batch.segmentBytes(i) == TunnelBatch.BAD_SEGMENTS) {
        batch.drop(i, DropReason.BAD_SUPER_PACKET);
        continue;
      }
      int length = InnerPacket.length(batch.bytes(), batch.offset(i), batch.length(i));
      if (length < 0) {
        boolean lengthIsWrong = length == InnerPacket.BAD_LENGTH;
        batch.drop(i, lengthIsWrong ? DropReason.PACKET_LENGTH : DropReason.PACKET_NOT_IP);
      }
    }
  }
}
