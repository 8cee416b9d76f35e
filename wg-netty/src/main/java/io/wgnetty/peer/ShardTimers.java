package io.wgnetty.peer;

/**
 * The timers of a shard's peers: one wake-up for all of them, at the earliest deadline, and what
 * each timer does when it has run out (protocol 3.4).
 */
final class ShardTimers {
  private final PeerShard shard;
  private final DeadlineHeap deadlines = new DeadlineHeap();
  private long wakeAtNs = PeerTimers.NEVER;

  ShardTimers(PeerShard shard) {
    this.shard = shard;
  }

  /** The peer has no deadline any more. */
  void remove(Peer peer) {
    deadlines.remove(peer);
  }

  /** Runs every timer whose time has come. */
  void expire(long nowNs) {
    wakeAtNs = PeerTimers.NEVER;
    for (Peer peer = deadlines.poll(nowNs); peer != null; peer = deadlines.poll(nowNs)) {
      expire(peer, nowNs);
      reschedule(peer);
    }
    shard.handshakes().attempts().takeUpWaiting(nowNs);
    wakeAt(deadlines.earliestNs());
  }

  /** When {@link #expire(long)} has something to do, {@link Long#MAX_VALUE} if never. */
  long nextDeadlineNs() {
    return deadlines.earliestNs();
  }

  private void expire(Peer peer, long nowNs) {
    PeerTimers timers = peer.timers;
    if (timers.takeZeroKeys(nowNs)) {
      boolean hadSession = peer.slots.current() != null;
      shard.handshakes().abandon(peer);
      peer.slots.dropAll();
      peer.handshakeAttempt = 0;
      if (hadSession) {
        shard.events().sessionExpired(peer);
      }
      shard.purgeStaged(peer);
    }
    if (timers.takeRetransmit(nowNs)) {
      shard.handshakes().attempts().retransmit(peer, nowNs);
    }
    if (timers.takeNewHandshake(nowNs)) {
      shard.handshakes().attempts().restart(peer, nowNs);
    }
    if (timers.takeSendKeepalive(nowNs)) {
      shard.transport().sendKeepalive(peer, nowNs);
      timers.keepaliveSent(nowNs);
    }
    if (timers.takePersistentKeepalive(nowNs) && timers.persistentIntervalSeconds() > 0) {
      // Sending arms it again, but the keepalive may not get so far: the timer never waits for
      // that.
      timers.startPersistent(nowNs);
      shard.transport().sendKeepalive(peer, nowNs);
    }
  }

  /** Brings the peer's place among the deadlines up to date: after anything that armed a timer. */
  void reschedule(Peer peer) {
    long earliestNs = shard.isUp() && peer.adopted ? peer.timers.earliestNs() : PeerTimers.NEVER;
    // A deadline that only moved away is left where it is: it will be looked at then, and moved on.
    if (earliestNs < peer.deadlineNs) {
      deadlines.schedule(peer, earliestNs);
      wakeAt(earliestNs);
    }
  }

  private void wakeAt(long deadlineNs) {
    if (deadlineNs < wakeAtNs) {
      wakeAtNs = deadlineNs;
      shard.output().wakeAt(deadlineNs);
    }
  }
}
