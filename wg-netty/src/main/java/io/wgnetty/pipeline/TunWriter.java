package io.wgnetty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.peer.DropCounters;

/**
 * The end of the inbound chain: counts what was dropped on the way and writes the rest to the
 * interface.
 */
final class TunWriter extends ChannelInboundHandlerAdapter {
  private final Channel tun;
  private final DropCounters drops;

  TunWriter(Channel tun, DropCounters drops) {
    this.tun = tun;
    this.drops = drops;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // void promise: a failure shows up in the pipeline
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    batch.countDrops(drops);
    tun.writeAndFlush(batch, tun.voidPromise());
  }
}
