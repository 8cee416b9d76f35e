package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/** A place in a chain where batches enter that did not come from its channel. */
public class ChainEntry extends ChannelInboundHandlerAdapter {
  private @Nullable ChannelHandlerContext context;

  @Override
  public final void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public final void handlerRemoved(ChannelHandlerContext context) {
    this.context = null;
  }

  /** Whether there is a chain to enter. */
  final boolean isOpen() {
    return context != null;
  }

  /** Sends a batch through the rest of the chain; if the chain is gone, the batch ends here. */
  public final void enter(TunnelBatch batch) {
    ChannelHandlerContext chain = context;
    if (chain == null) {
      batch.release();
    } else {
      chain.fireChannelRead(batch);
    }
  }
}
