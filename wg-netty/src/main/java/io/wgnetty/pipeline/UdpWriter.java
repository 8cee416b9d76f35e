package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.PeerShard;

/**
 * The end of the outbound chain: sends each session's datagrams to where its peer is, in the order
 * of their counters, and tells the peer (protocol 4.2 steps 10 and 11).
 */
final class UdpWriter extends ChannelInboundHandlerAdapter {
  private final PeerShard shard;
  private final DatagramOutput udp;
  private final NanoClock clock;

  UdpWriter(PeerShard shard, DatagramOutput udp, NanoClock clock) {
    this.shard = shard;
    this.udp = udp;
    this.clock = clock;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    DatagramBatch batch = (DatagramBatch) message;
    for (int i = 0; i < batch.size(); i++) {
      batch.setDestination(i, batch.session(i).peer().endpoint());
    }
    udp.send(batch);
    long nowNs = clock.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isRefused(i)) {
        shard.drops().count(DropReason.UDP_REFUSED, batch.segments(i));
      } else {
        shard.transport().sent(batch.session(i), batch.carriesData(i), batch.length(i), nowNs);
      }
    }
  }
}
