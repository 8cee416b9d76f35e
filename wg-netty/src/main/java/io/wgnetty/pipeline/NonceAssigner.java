package io.wgnetty.pipeline;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.peer.Session;

/**
 * Gives each outgoing packet its session and its counter (protocol 4.2 steps 6 and 7). A packet
 * whose peer has no session that may send leaves the chain here and waits.
 */
final class NonceAssigner extends BatchHandler {
  private final PeerShard shard;
  private final NanoClock clock;

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
    long counter = session == null ? Session.NO_COUNTER : session.takeCounter();
    if (session != null && counter != Session.NO_COUNTER) {
      batch.setSession(index, session, counter);
      return;
    }
    byte[] packet = new byte[batch.length(index)];
    batch.bytes().get(batch.offset(index), packet);
    batch.finish(index);
    shard.transport().stage(peer, packet, nowNs);
  }
}
