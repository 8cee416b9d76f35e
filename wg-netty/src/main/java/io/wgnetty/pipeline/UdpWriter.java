package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import io.wgnetty.shard.PeerShard;

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
    shard.counters().datagramBatches().count(batch.size());
    long nowNs = clock.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isRefused(i)) {
        shard.drops().count(DropReason.UDP_REFUSED, batch.segments(i));
        batch.session(i).peer().countDrops(DropReason.UDP_REFUSED, batch.segments(i));
      } else {
        sent(batch, i, nowNs);
      }
      shard.transport().attempted(batch.session(i), nowNs);
    }
  }

  private void sent(DatagramBatch batch, int message, long nowNs) {
    Session session = batch.session(message);
    int datagrams = batch.segments(message);
    int keepalives = batch.keepalives(message);
    int bytes = batch.length(message);
    session.peer().countSentPackets(datagrams);
    ShardCounters counters = shard.counters();
    counters.countOut(
        datagrams - keepalives, bytes - (long) keepalives * Messages.TRANSPORT_OVERHEAD_BYTES);
    counters.countKeepalivesOut(keepalives);
    shard.transport().sent(session, datagrams > keepalives, bytes, nowNs);
  }
}
