package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatchPool;

/**
 * Hands packets whose peer belongs to another loop over to that loop. Rarely any: the kernel brings
 * a flow to the queue on which we last wrote to it, which is its owner's.
 */
final class OwnerSelector extends ChannelInboundHandlerAdapter {
  /** What {@link #ownerOf} says of a batch whose packets have several owners. */
  private static final int MIXED = -1;

  /** Of a batch of which no packet is live and has a peer. */
  private static final int NOBODY = -2;

  private final PeerShard shard;
  private final Handover handover;

  OwnerSelector(PeerShard shard, LoopExchange exchange, PacketBatchPool<TunnelBatch> pool) {
    this.shard = shard;
    this.handover =
        new Handover(exchange, pool, shard, DropReason.OWNER_BUSY) {
          @Override
          boolean accepts(int owner, TunnelBatch batch) {
            return exchange.handOutbound(owner, batch);
          }
        };
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    int owner = ownerOf(batch);
    if (owner == shard.number()) {
      context.fireChannelRead(batch);
    } else if (owner == MIXED) {
      for (int i = 0; i < batch.size(); i++) {
        Peer peer = batch.peer(i);
        if (batch.isLive(i) && peer != null && peer.shard() != shard.state()) {
          handover.collect(batch, i, peer.shard().number());
        }
      }
      handover.flush();
      context.fireChannelRead(batch);
    } else {
      handover.hand(owner, batch);
    }
  }

  /** The loop that owns all of the batch's packets. */
  private int ownerOf(TunnelBatch batch) {
    int owner = NOBODY;
    for (int i = 0; i < batch.size(); i++) {
      Peer peer = batch.peer(i);
      if (batch.isLive(i) && peer != null) {
        int number = peer.shard().number();
        if (owner != NOBODY && number != owner) {
          return MIXED;
        }
        owner = number;
      }
    }
    return owner == NOBODY ? shard.number() : owner;
  }
}
