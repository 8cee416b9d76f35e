package io.wgnetty.handshake;

import io.wgnetty.crypto.Tai64n;
import io.wgnetty.peer.HandshakeProgress;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import java.util.ArrayDeque;

/**
 * Our own attempts at handshakes: when they begin, wait for the workers, go out again, and are
 * given up (protocol 3.3, 3.5).
 */
public final class Attempts {
  /** What became of the wish for an attempt of ours. */
  private enum Start {
    SUBMITTED,
    /** It goes out when the workers have room for it. */
    WAITS,
    /** A timer may try again. */
    REFUSED
  }

  private final ShardState shard;
  private final StampClock stamps;
  private final HandshakeOutput output;
  private final HandshakeSteps steps;
  private final HandshakeLedger ledger;

  /** Those whose attempts of ours found no room with the workers, in their order. */
  private final ArrayDeque<Peer> waiting = new ArrayDeque<>();

  Attempts(
      ShardState shard,
      StampClock stamps,
      HandshakeOutput output,
      HandshakeSteps steps,
      HandshakeLedger ledger) {
    this.shard = shard;
    this.stamps = stamps;
    this.output = output;
    this.steps = steps;
    this.ledger = ledger;
  }

  /**
   * Starts a handshake with fresh attempts, unless one of our messages went out less than 5 s ago.
   */
  public void initiate(Peer peer, long nowNs) {
    peer.timers().resetAttempts(); // protocol 3.3: (a) to (d) reset before the gate
    start(peer, nowNs);
  }

  /** The answer to our last initiation did not come in time. */
  public void retransmit(Peer peer, long nowNs) {
    PendingHandshake last = peer.handshake().initiating();
    if (last != null && last.initiator() == null) {
      peer.timers().giveAttemptBack(); // it is still being computed, or its worker broke down
    }
    if (!peer.timers().takeAttempt()) {
      peer.timers().gaveUp(nowNs);
      shard.purgeStaged(peer);
      ledger.gaveUp(peer);
      return;
    }
    peer.dropLocalAddress(); // protocol 4.4: it may be why nothing came back
    if (start(peer, nowNs) != Start.SUBMITTED) {
      peer.timers().giveAttemptBack();
    }
  }

  /** Nothing came back although we sent data. */
  public void restart(Peer peer, long nowNs) {
    peer.dropLocalAddress(); // protocol 4.4, as above
    initiate(peer, nowNs);
  }

  /**
   * Configuration says where the peer is. An attempt of ours that is under way went elsewhere: the
   * next need not wait for it.
   */
  void setEndpoint(Peer peer, Endpoint endpoint, long nowNs) {
    Endpoint known = peer.endpoint();
    shard.found(peer, endpoint);
    boolean elsewhere = known == null || !known.isSamePlace(endpoint);
    // After giving up there is none under way, though its state is kept until all keys are wiped.
    if (elsewhere
        && peer.hasHandshake()
        && peer.handshake().initiating() != null
        && peer.timers().isRetransmitArmed()) {
      peer.handshake().openGate();
      initiate(peer, nowNs);
      shard.reschedule(peer);
    }
  }

  private Start start(Peer peer, long nowNs) {
    LocalIdentity identity = shard.identity();
    if (identity == null || peer.endpoint() == null || !shard.isUp() || !peer.isAdopted()) {
      return Start.REFUSED;
    }
    if (peer.handshake().isUnusable()) {
      return Start.REFUSED;
    }
    long timeoutNs = shard.timings().rekeyTimeoutNs();
    HandshakeProgress progress = peer.handshake();
    if (progress.answering() != null && nowNs - progress.lastInitiationNs() < timeoutNs) {
      // Our response is on its way. Should it not lead to a session, the timer tries from our side.
      // After so long it never will: the worker broke down over it.
      retryIn(peer, timeoutNs, nowNs);
      return Start.REFUSED;
    }
    long opensInNs = progress.opensInNs(nowNs, timeoutNs);
    if (opensInNs > 0) {
      // Refused by the gate. Try again when it opens, or a chain of retries would break off here.
      retryIn(peer, opensInNs, nowNs);
      return Start.REFUSED;
    }
    steps.abandon(peer);
    boolean isFirst = waiting.isEmpty() || waiting.peek() == peer;
    boolean submitted = isFirst && submit(peer, identity, nowNs);
    if (!submitted && !peer.handshake().waitsForWorkers()) {
      peer.handshake().waitForWorkers(true);
      waiting.add(peer);
    }
    // Armed here already: if the work has to wait or is lost, the timer still is not.
    peer.timers().armRetransmit(nowNs, timeoutNs + shard.jitterNs());
    shard.reschedule(peer);
    return submitted ? Start.SUBMITTED : Start.WAITS;
  }

  private boolean submit(Peer peer, LocalIdentity identity, long nowNs) {
    PendingHandshake pending = shard.indices().reserve(peer);
    byte[] timestamp = Tai64n.whitened(stamps.at(nowNs, shard.epochNs()));
    if (!output.submit(new CreateInitiation(identity, pending, timestamp))) {
      shard.indices().release(pending);
      return false;
    }
    peer.handshake().sent(nowNs);
    peer.handshake().initiate(pending);
    ledger.attempted(peer, nowNs);
    return true;
  }

  /** Takes up the attempts that found no room before, as many as there is room for now. */
  public void takeUpWaiting(long nowNs) {
    for (Peer peer = waiting.peek(); peer != null; peer = waiting.peek()) {
      // Whether it still wants one: it may have been answered meanwhile, or be gone.
      boolean wants = peer.timers().isRetransmitArmed() && peer.handshake().initiating() == null;
      if (wants && start(peer, nowNs) == Start.WAITS) {
        return;
      }
      peer.handshake().waitForWorkers(false);
      waiting.remove();
    }
  }

  /** None of those that wait wants anything any more. */
  public void forgetWaiting() {
    for (Peer peer : waiting) {
      peer.handshake().waitForWorkers(false);
    }
    waiting.clear();
  }

  /** Sees to it that a start that was held back is tried again, unless a timer does so already. */
  private void retryIn(Peer peer, long delayNs, long nowNs) {
    if (!peer.timers().isRetransmitArmed()) {
      peer.timers().armRetransmit(nowNs, delayNs + shard.jitterNs());
      shard.reschedule(peer);
    }
  }

  void initiationCreated(CreateInitiation created, long nowNs) {
    send(created, nowNs);
    takeUpWaiting(nowNs); // there is room for another
  }

  private void send(CreateInitiation created, long nowNs) {
    PendingHandshake pending = created.pending;
    Peer peer = pending.peer();
    InitiatorHandshake handshake = created.handshake();
    if (handshake == null) {
      if (peer.handshake().initiating() == pending) {
        // The peer's key is of low order. (Where the attempt is over, ours may have been wiped.)
        peer.handshake().setUnusable(true);
        steps.abandon(peer);
        peer.handshake().endAttempts();
        peer.timers().cancelRetransmit();
      }
      return;
    }
    Endpoint endpoint = peer.endpoint();
    if (peer.handshake().initiating() != pending
        || shard.identity() != created.identity
        || endpoint == null) {
      created.discard();
      return;
    }
    pending.initiated(handshake, nowNs);
    byte[] message = handshake.message();
    peer.cookieJar().stamp(message, shard.blake2s(), nowNs);
    peer.handshake().sent(nowNs);
    peer.timers().traversed(nowNs);
    peer.timers().authenticatedSent();
    steps.send(peer, message, endpoint);
    peer.timers().armRetransmit(nowNs, shard.timings().rekeyTimeoutNs() + shard.jitterNs());
    shard.reschedule(peer);
  }
}
