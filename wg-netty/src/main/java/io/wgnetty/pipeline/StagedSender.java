package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.peer.Peer;
import io.wgnetty.tun.PacketBatchPool;
import org.jspecify.annotations.Nullable;

/**
 * Where packets that waited for a session enter the outbound chain again: behind the routing, which
 * they have passed already, and before they get their counter.
 */
public final class StagedSender extends ChannelInboundHandlerAdapter {
  private final PacketBatchPool<TunnelBatch> pool;
  private @Nullable ChannelHandlerContext context;

  StagedSender(PacketBatchPool<TunnelBatch> pool) {
    this.pool = pool;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    this.context = context;
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    this.context = null;
  }

  /** Sends all that waits for this peer, oldest first. */
  public void send(Peer peer) {
    ChannelHandlerContext chain = context;
    if (chain == null) {
      return;
    }
    // What is staged again meanwhile, for want of a session, must not keep this loop going.
    int remaining = peer.staged().size();
    while (remaining > 0) {
      TunnelBatch batch = pool.take();
      remaining -= fill(batch, peer, remaining);
      chain.fireChannelRead(batch);
    }
  }

  private static int fill(TunnelBatch batch, Peer peer, int limit) {
    int taken = 0;
    while (taken < limit && batch.hasRoom()) {
      byte[] packet = peer.staged().poll();
      if (packet == null) {
        return limit;
      }
      batch.bytes().put(batch.nextOffset(), packet);
      int index = batch.add(packet.length);
      batch.setPeer(index, peer);
      taken++;
    }
    return taken;
  }
}
