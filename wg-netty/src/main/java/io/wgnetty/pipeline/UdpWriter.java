package io.wgnetty.pipeline;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.Messages;

/**
 * The end of the outbound chain: sends each session's packets to where its peer is, in the order of
 * their counters, and tells the peer (protocol 4.2 steps 10 and 11).
 */
final class UdpWriter extends ChannelInboundHandlerAdapter {
  private final PeerShard shard;
  private final UdpOutput udp;
  private final NanoClock clock;

  UdpWriter(PeerShard shard, UdpOutput udp, NanoClock clock) {
    this.shard = shard;
    this.udp = udp;
    this.clock = clock;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    TunnelBatch batch = (TunnelBatch) message;
    try {
      send(batch);
    } finally {
      batch.release();
    }
  }

  private void send(TunnelBatch batch) {
    long nowNs = clock.nowNs();
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      send(batch, start, end, nowNs);
      start = SessionRuns.start(batch, end);
    }
    udp.flush();
    batch.countDrops(shard.drops());
  }

  private void send(TunnelBatch batch, int start, int end, long nowNs) {
    Session session = batch.session(start);
    Endpoint endpoint = session.peer().endpoint();
    boolean data = false;
    long bytes = 0;
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        int length = batch.length(i);
        if (endpoint != null && udp.write(batch.retainedSlice(i), endpoint)) {
          bytes += length;
          data |= length > Messages.MIN_TRANSPORT_BYTES;
        } else {
          batch.drop(i, DropReason.UDP_REFUSED);
        }
      }
    }
    if (bytes > 0) {
      shard.transport().sent(session, data, bytes, nowNs);
    }
  }
}
