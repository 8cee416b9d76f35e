package io.wgnetty.pipeline;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.Segmenter;
import java.nio.ByteBuffer;

/**
 * Gives each outgoing packet its session and its counter, a super-packet one for each segment
 * (protocol 4.2 steps 6 and 7). A packet whose peer has no session that may send leaves the chain
 * here and waits.
 */
final class NonceAssigner extends BatchHandler {
  private final PeerShard shard;
  private final NanoClock clock;
  private final Segmenter segmenter = new Segmenter();
  private final ByteBuffer header = ByteBuffer.allocateDirect(Segmenter.MAX_HEADER_BYTES);

  NonceAssigner(PeerShard shard, NanoClock clock) {
    this.shard = shard;
    this.clock = clock;
  }

  @Override
  void process(TunnelBatch batch) {
    long nowNs = clock.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      Peer peer = batch.peer(i);
      if (batch.isLive(i) && peer != null) {
        assign(batch, i, peer, nowNs);
      }
    }
  }

  private void assign(TunnelBatch batch, int index, Peer peer, long nowNs) {
    Session session = shard.transport().sendingSession(peer, nowNs);
    long counter =
        session == null ? Session.NO_COUNTER : session.takeCounters(batch.segments(index));
    if (session != null && counter != Session.NO_COUNTER) {
      batch.setSession(index, session, counter);
      return;
    }
    stage(batch, index, peer, nowNs);
    batch.finish(index);
  }

  /** A super-packet waits as the packets that it stands for. */
  private void stage(TunnelBatch batch, int index, Peer peer, long nowNs) {
    ByteBuffer bytes = batch.bytes();
    if (batch.segmentBytes(index) == 0) {
      byte[] packet = new byte[batch.length(index)];
      bytes.get(batch.offset(index), packet);
      shard.transport().stage(peer, packet, nowNs);
      return;
    }
    segmenter.begin(batch, index);
    while (segmenter.hasNext()) {
      int headerBytes = segmenter.next(header, 0);
      byte[] packet = new byte[headerBytes + segmenter.payloadBytes()];
      header.get(0, packet, 0, headerBytes);
      bytes.get(segmenter.payloadOffset(), packet, headerBytes, segmenter.payloadBytes());
      shard.transport().stage(peer, packet, nowNs);
    }
  }
}
