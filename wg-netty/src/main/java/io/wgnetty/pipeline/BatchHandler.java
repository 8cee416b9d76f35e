package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A stage of a chain: sees every batch once and passes the same object on. */
abstract class BatchHandler extends ChannelInboundHandlerAdapter {
  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    try {
      process(batch);
    } catch (RuntimeException e) {
      batch.release();
      throw e;
    }
    context.fireChannelRead(batch);
  }

  /** Does this stage's one duty for every live packet of the batch. */
  abstract void process(TunnelBatch batch);
}
