package io.wgnetty.pipeline;

import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import io.wgnetty.shard.PeerShard;

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
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      update(batch, start, end, nowNs);
      start = SessionRuns.start(batch, end);
    }
  }

  /** Tells the peer once of all its packets: where the last came from, and whether any had data. */
  private void update(TunnelBatch batch, int start, int end, long nowNs) {
    Session session = batch.session(start);
    int last = start;
    int longest = 0;
    int keepalives = 0;
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        last = i;
        int length = batch.length(i);
        longest = Math.max(longest, length);
        if (length == 0) {
          keepalives++;
          batch.finish(i);
        }
      }
    }
    if (keepalives > 0) {
      long bytes = (long) keepalives * Messages.TRANSPORT_OVERHEAD_BYTES;
      session.peer().countReceived(keepalives, bytes);
      shard.counters().countKeepalivesIn(keepalives);
    }
    shard.transport().received(session, batch.source(last), longest, nowNs);
  }
}
