package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** A stage of a chain: sees every batch once and passes the same object on. */
abstract class BatchHandler extends ChannelInboundHandlerAdapter {
  @Override
  public final void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    boolean processed = false;
    try {
      process(batch);
      processed = true;
    } finally {
      if (!processed) {
        batch.release(); // also after an Error: nobody else will
      }
    }
    context.fireChannelRead(batch);
  }

  /** Does this stage's one duty for every live packet of the batch. */
  abstract void process(TunnelBatch batch);
}
