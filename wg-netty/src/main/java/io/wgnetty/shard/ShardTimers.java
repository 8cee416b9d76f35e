package io.wgnetty.shard;

import io.wgnetty.handshake.Handshakes;
import io.wgnetty.peer.Deadlines;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.ShardState;

/** What each timer of a peer does when it has run out (protocol 3.4). */
final class ShardTimers {
  /** A keepalive costs some microseconds, so this is a millisecond. */
  private static final int PEERS_AT_ONCE = 256;

  private final ShardState shard;
  private final Handshakes handshakes;
  private final Transport transport;

  ShardTimers(ShardState shard, Handshakes handshakes, Transport transport) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.transport = transport;
  }

  /**
   * Runs timers whose time has come: those of so many peers at once that packets need not wait
   * long; the alarm for the others has gone off already, so it is their turn next.
   */
  void expire(long nowNs) {
    Deadlines deadlines = shard.deadlines();
    deadlines.alarmWentOff();
    Peer peer = deadlines.poll(nowNs);
    for (int left = PEERS_AT_ONCE; peer != null; peer = left > 0 ? deadlines.poll(nowNs) : null) {
      left--;
      if (shard.isUp()) {
        expire(peer, nowNs);
      }
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
