package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.shard.PeerShard;

/** The end of a chain that leads to no interface: counts what was dropped on the way. */
final class DropCounter extends ChannelInboundHandlerAdapter {
  private final PeerShard shard;

  DropCounter(PeerShard shard) {
    this.shard = shard;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    try {
      batch.countDrops(shard);
    } finally {
      batch.release();
    }
  }
}
