package io.wgnetty.shard;

import io.wgnetty.handshake.Handshakes;
import io.wgnetty.peer.Deadlines;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.ShardState;

/** What each timer of a peer does when it has run out (protocol 3.4). */
final class ShardTimers {
  private final ShardState shard;
  private final Handshakes handshakes;
  private final Transport transport;

  ShardTimers(ShardState shard, Handshakes handshakes, Transport transport) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.transport = transport;
  }

  /** Runs every timer whose time has come. */
  void expire(long nowNs) {
    Deadlines deadlines = shard.deadlines();
    deadlines.alarmWentOff();
    for (Peer peer = deadlines.poll(nowNs); peer != null; peer = deadlines.poll(nowNs)) {
      expire(peer, nowNs);
      shard.reschedule(peer);
    }
    handshakes.attempts().takeUpWaiting(nowNs);
    deadlines.setAlarm();
  }

  private void expire(Peer peer, long nowNs) {
    PeerTimers timers = peer.timers();
    if (timers.takeZeroKeys(nowNs)) {
      boolean hadSession = peer.slots().current() != null;
      handshakes.abandon(peer);
      peer.slots().dropAll();
      peer.handshake().endAttempts();
      if (hadSession) {
        shard.events().sessionExpired(peer);
      }
      shard.purgeStaged(peer);
    }
    if (timers.takeRetransmit(nowNs)) {
      handshakes.attempts().retransmit(peer, nowNs);
    }
    if (timers.takeNewHandshake(nowNs)) {
      handshakes.attempts().restart(peer, nowNs);
    }
    if (timers.takeSendKeepalive(nowNs)) {
      transport.sendKeepalive(peer, nowNs);
      timers.keepaliveSent(nowNs);
    }
    if (timers.takePersistentKeepalive(nowNs) && timers.persistentIntervalSeconds() > 0) {
      // Sending arms it again, but the keepalive may not get so far: the timer never waits for
      // that.
      timers.startPersistent(nowNs);
      transport.sendKeepalive(peer, nowNs);
    }
  }
}
