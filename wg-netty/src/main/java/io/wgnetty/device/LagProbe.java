package io.wgnetty.device;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;

/** Tells that the network has brought something. */
final class LagProbe extends ChannelInboundHandlerAdapter {
  private final LoopLag lag;

  LagProbe(LoopLag lag) {
    this.lag = lag;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object batch) {
    lag.packets();
    context.fireChannelRead(batch);
  }
}
