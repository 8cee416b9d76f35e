package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.tun.PacketBatch;
import org.jspecify.annotations.Nullable;

/**
 * Stands in a chain while there is a capture, before the stages that drop packets: remembers how
 * long they were, which a dropped one does not tell any more.
 */
final class CaptureMark extends ChannelInboundHandlerAdapter {
  private final int[] lengths = new int[PacketBatch.CAPACITY];
  private @Nullable TunnelBatch marked;

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    for (int i = 0; i < batch.size(); i++) {
      lengths[i] = batch.length(i);
    }
    marked = batch;
    try {
      context.fireChannelRead(batch);
    } finally {
      marked = null; // it may be another batch by the time it is seen again
    }
  }

  /** How long a packet was when its batch came by here; 0 if it did not. */
  int length(TunnelBatch batch, int index) {
    return batch == marked ? lengths[index] : 0;
  }
}
