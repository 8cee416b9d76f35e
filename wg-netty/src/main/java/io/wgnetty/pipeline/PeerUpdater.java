package io.wgnetty.pipeline;

import io.wgnetty.peer.PeerShard;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;

/**
 * Tells peers what authentic packets mean for them (protocol 4.1 steps 7 to 11): the endpoint they
 * roamed to, the session that is confirmed, the timers. Keepalives end here.
 */
final class PeerUpdater extends BatchHandler {
  private final PeerShard shard;
  private final NanoClock clock;

  PeerUpdater(PeerShard shard, NanoClock clock) {
    this.shard = shard;
    this.clock = clock;
  }

  @Override
  void process(TunnelBatch batch) {
    long nowNs = clock.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isLive(i)) {
        Session session = batch.session(i);
        int length = batch.length(i);
        shard.transport().received(session, batch.source(i), length, nowNs);
        if (length == 0) {
          session.peer().countReceived(Messages.TRANSPORT_OVERHEAD_BYTES);
          batch.finish(i);
        }
      }
    }
  }
}
