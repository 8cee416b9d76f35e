package io.wgnetty.pipeline;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.shard.PeerShard;

/**
 * The end of the inbound chain: counts what was dropped on the way and writes the rest to the
 * interface.
 */
final class TunWriter extends ChannelInboundHandlerAdapter {
  private final Channel tun;
  private final PeerShard shard;

  TunWriter(Channel tun, PeerShard shard) {
    this.tun = tun;
    this.shard = shard;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // void promise: a failure shows up in the pipeline
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    boolean counted = false;
    try {
      batch.countDrops(shard);
      counted = true;
    } finally {
      if (!counted) {
        batch.release();
      }
    }
    tun.writeAndFlush(batch, tun.voidPromise());
  }
}
