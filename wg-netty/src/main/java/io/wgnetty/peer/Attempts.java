package io.wgnetty.peer;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Our own attempts at handshakes: when they begin, wait for the workers, go out again, and are
 * given up (protocol 3.3, 3.5).
 */
final class Attempts {
  /** What became of the wish for an attempt of ours. */
  private enum Start {
    SUBMITTED,
    /** It goes out when the workers have room for it. */
    WAITS,
    /** A timer may try again. */
    REFUSED
  }

  private final PeerShard shard;
  private final Handshakes handshakes;
  private final HandshakeLedger ledger;

  /** Those whose attempts of ours found no room with the workers, in their order. */
  private final ArrayDeque<Peer> waiting = new ArrayDeque<>();

  Attempts(PeerShard shard, Handshakes handshakes, HandshakeLedger ledger) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.ledger = ledger;
  }

  /**
   * Starts a handshake with fresh attempts, unless one of our messages went out less than 5 s ago.
   */
  void initiate(Peer peer, long nowNs) {
    peer.timers.resetAttempts(); // protocol 3.3: (a) to (d) reset before the gate
    start(peer, nowNs);
  }

  /** The answer to our last initiation did not come in time. */
  void retransmit(Peer peer, long nowNs) {
    PendingHandshake last = peer.initiating;
    if (last != null && last.initiator() == null) {
      peer.timers.giveAttemptBack(); // it is still being computed, or its worker broke down
    }
    if (!peer.timers.takeAttempt()) {
      peer.timers.gaveUp(nowNs);
      shard.purgeStaged(peer);
      ledger.gaveUp(peer);
      return;
    }
    peer.dropLocalAddress(); // protocol 4.4: it may be why nothing came back
    if (start(peer, nowNs) != Start.SUBMITTED) {
      peer.timers.giveAttemptBack();
    }
  }

  /** Nothing came back although we sent data. */
  void restart(Peer peer, long nowNs) {
    peer.dropLocalAddress(); // protocol 4.4, as above
    initiate(peer, nowNs);
  }

  /**
   * Configuration says where the peer is. An attempt of ours that is under way went elsewhere: the
   * next need not wait for it.
   */
  void setEndpoint(Peer peer, Endpoint endpoint, long nowNs) {
    Endpoint known = peer.endpoint();
    peer.setEndpoint(endpoint);
    boolean elsewhere = known == null || !known.withoutLocal().equals(endpoint.withoutLocal());
    // After giving up there is none under way, though its state is kept until all keys are wiped.
    if (elsewhere && peer.initiating != null && peer.timers.isRetransmitArmed()) {
      peer.handshakeGated = false;
      initiate(peer, nowNs);
      shard.reschedule(peer);
    }
  }

  private Start start(Peer peer, long nowNs) {
    LocalIdentity identity = shard.identity();
    if (identity == null || peer.endpoint() == null || !shard.isUp() || !peer.adopted) {
      return Start.REFUSED;
    }
    if (peer.unusable) {
      return Start.REFUSED;
    }
    long timeoutNs = shard.timings().rekeyTimeoutNs();
    if (peer.answering != null && nowNs - peer.lastInitiationNs < timeoutNs) {
      // Our response is on its way. Should it not lead to a session, the timer tries from our side.
      // After so long it never will: the worker broke down over it.
      retryIn(peer, timeoutNs, nowNs);
      return Start.REFUSED;
    }
    // Two stamps of the same moment would look like a replay, so that much distance is always kept.
    long distanceNs = peer.handshakeGated ? timeoutNs : Tai64n.RESOLUTION_NS;
    long sinceLastNs = nowNs - peer.lastHandshakeSentNs;
    if (sinceLastNs < distanceNs) {
      // Refused by the gate. Try again when it opens, or a chain of retries would break off here.
      retryIn(peer, distanceNs - sinceLastNs, nowNs);
      return Start.REFUSED;
    }
    handshakes.abandon(peer);
    boolean isFirst = waiting.isEmpty() || waiting.peek() == peer;
    boolean submitted = isFirst && submit(peer, identity, nowNs);
    if (!submitted && !peer.waitsForWorkers) {
      peer.waitsForWorkers = true;
      waiting.add(peer);
    }
    // Armed here already: if the work has to wait or is lost, the timer still is not.
    peer.timers.armRetransmit(nowNs, timeoutNs + shard.jitterNs());
    shard.reschedule(peer);
    return submitted ? Start.SUBMITTED : Start.WAITS;
  }

  private boolean submit(Peer peer, LocalIdentity identity, long nowNs) {
    PendingHandshake pending = shard.indices().reserve(peer);
    byte[] timestamp = Tai64n.whitened(shard.stampNs(nowNs));
    if (!shard.output().submit(new CreateInitiation(identity, pending, timestamp))) {
      shard.indices().release(pending);
      return false;
    }
    peer.stampHandshakeSent(nowNs);
    peer.initiating = pending;
    ledger.attempted(peer, nowNs);
    return true;
  }

  /** Takes up the attempts that found no room before, as many as there is room for now. */
  void takeUpWaiting(long nowNs) {
    for (Peer peer = waiting.peek(); peer != null; peer = waiting.peek()) {
      // Whether it still wants one: it may have been answered meanwhile, or be gone.
      boolean wants = peer.timers.isRetransmitArmed() && peer.initiating == null;
      if (wants && start(peer, nowNs) == Start.WAITS) {
        return;
      }
      peer.waitsForWorkers = false;
      waiting.remove();
    }
  }

  /** None of those that wait wants anything any more. */
  void forgetWaiting() {
    for (Peer peer : waiting) {
      peer.waitsForWorkers = false;
    }
    waiting.clear();
  }

  /** Sees to it that a start that was held back is tried again, unless a timer does so already. */
  private void retryIn(Peer peer, long delayNs, long nowNs) {
    if (!peer.timers.isRetransmitArmed()) {
      peer.timers.armRetransmit(nowNs, delayNs + shard.jitterNs());
      shard.reschedule(peer);
    }
  }

  void initiationCreated(
      LocalIdentity identity,
      PendingHandshake pending,
      @Nullable InitiatorHandshake handshake,
      long nowNs) {
    send(identity, pending, handshake, nowNs);
    takeUpWaiting(nowNs); // there is room for another
  }

  private void send(
      LocalIdentity identity,
      PendingHandshake pending,
      @Nullable InitiatorHandshake handshake,
      long nowNs) {
    Peer peer = pending.peer();
    if (handshake == null) {
      if (peer.initiating == pending) {
        // The peer's key is of low order. (Where the attempt is over, ours may have been wiped.)
        peer.unusable = true;
        handshakes.abandon(peer);
        peer.handshakeAttempt = 0;
        peer.timers.cancelRetransmit();
      }
      return;
    }
    Endpoint endpoint = peer.endpoint();
    if (peer.initiating != pending || shard.identity() != identity || endpoint == null) {
      handshake.wipe();
      return;
    }
    pending.initiated(handshake, nowNs);
    byte[] message = handshake.message();
    peer.cookieJar.stamp(message, nowNs);
    peer.stampHandshakeSent(nowNs);
    peer.timers.traversed(nowNs);
    peer.timers.authenticatedSent();
    handshakes.send(peer, message, endpoint);
    peer.timers.armRetransmit(nowNs, shard.timings().rekeyTimeoutNs() + shard.jitterNs());
    shard.reschedule(peer);
  }

  /** Ends an attempt of our own that no message has left for yet. */
  void abandonUnsent(Peer peer) {
    if (peer.initiating != null && peer.initiating.initiator() == null) {
      abandon(peer);
    }
  }

  void abandon(Peer peer) {
    PendingHandshake pending = peer.initiating;
    if (pending != null) {
      shard.indices().release(pending);
      pending.wipe();
      peer.initiating = null;
    }
  }
}
