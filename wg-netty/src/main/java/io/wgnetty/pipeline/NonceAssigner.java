package io.wgnetty.pipeline;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.shard.PeerShard;

/**
 * Gives each outgoing packet its session and its counter, a super-packet one for each segment
 * (protocol 4.2 steps 6 and 7). A packet whose peer has no session that may send leaves the chain
 * here and waits.
 */
final class NonceAssigner extends BatchHandler {
  private final PeerShard shard;
  private final NanoClock clock;
  private final PacketCopies copies = new PacketCopies();

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
    for (byte[] packet : copies.of(batch, index)) {
      shard.transport().stage(peer, packet, nowNs);
    }
    batch.finish(index);
  }
}
