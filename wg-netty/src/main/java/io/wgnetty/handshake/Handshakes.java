package io.wgnetty.handshake;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import org.jspecify.annotations.Nullable;

/**
 * When handshakes begin, go on and end (protocol 2, 3.1, 3.3, 3.5). The computations themselves are
 * {@link HandshakeJob}s; each comes back through {@link #complete}, and whoever takes its result
 * asks first whether the world is still as it was.
 */
public final class Handshakes {
  private final ShardState shard;
  private final Aead aead;
  private final HandshakeSteps steps;
  private final SessionReady sessionReady;
  private final HandshakeLedger ledger;
  private final Attempts attempts;
  private final Answers answers;

  /**
   * The handshakes of a shard's peers.
   *
   * @param aead the cipher of the shard's thread
   */
  public Handshakes(
      ShardState shard,
      Aead aead,
      StampClock stamps,
      HandshakeOutput output,
      SessionReady sessionReady) {
    this.shard = shard;
    this.aead = aead;
    this.steps = new HandshakeSteps(shard, output);
    this.sessionReady = sessionReady;
    this.ledger = new HandshakeLedger(shard);
    this.attempts = new Attempts(shard, stamps, output, steps, ledger);
    this.answers = new Answers(shard, steps, ledger);
  }

  /** The initiator's part, up to the response. */
  public Attempts attempts() {
    return attempts;
  }

  /** Configuration says where the peer is; an attempt that is under way goes there. */
  public void setEndpoint(Peer peer, Endpoint endpoint, long nowNs) {
    attempts.setEndpoint(peer, endpoint, nowNs);
  }

  /**
   * An initiation with a good mac1 came in.
   *
   * @param payer what is charged if it comes to nothing; {@code null} for a source that has proved
   *     itself
   */
  public void received(
      InitiationMessage message, Endpoint source, long nowNs, @Nullable WorkBudget payer) {
    LocalIdentity identity = shard.identity();
    if (identity == null) {
      shard.drops().count(DropReason.NO_PRIVATE_KEY);
      return;
    }
    steps.submit(
        new OpenInitiation(
            shard.number(), shard.directory(), identity, message, source, nowNs, payer));
  }

  /**
   * The attempt of ours that a response answers, by its index; nothing is computed for one that
   * answers none.
   */
  public @Nullable PendingHandshake awaiting(ResponseMessage message) {
    PendingHandshake pending = shard.indices().handshake(message.receiverIndex());
    return pending != null && pending.mayTakeResponse() ? pending : null;
  }

  /** A response came that answers nothing we sent, or no longer. */
  public void unexpected(Endpoint source) {
    ledger.failed(null, HandshakeRole.INITIATED, DropReason.HANDSHAKE_UNEXPECTED, source);
  }

  /** A response with a good mac1 came in, for the attempt that is {@link #awaiting} it. */
  public void received(ResponseMessage message, PendingHandshake pending, Endpoint source) {
    InitiatorHandshake handshake = pending.initiator();
    if (handshake == null) {
      unexpected(source);
      return;
    }
    PresharedKey psk = pending.peer().presharedKey();
    if (steps.submit(new ConsumeResponse(pending, handshake, message, psk, source))) {
      pending.responseTaken();
    }
  }

  /** Takes the result of a step that this shard's thread is the owner of. */
  public void complete(HandshakeJob done, long nowNs) {
    switch (done) {
      case CreateInitiation created -> attempts.initiationCreated(created, nowNs);
      case OpenInitiation opened -> answers.initiationOpened(opened, nowNs);
      case CreateResponse created -> answers.responseCreated(created, nowNs);
      case ConsumeResponse consumed -> responseConsumed(consumed, nowNs);
    }
  }

  private void responseConsumed(ConsumeResponse consumed, long nowNs) {
    PendingHandshake pending = consumed.pending;
    pending.responseDone();
    Peer peer = pending.peer();
    Endpoint source = consumed.source;
    TransportKeys keys = consumed.keys();
    if (keys == null) {
      ledger.failed(peer, HandshakeRole.INITIATED, DropReason.HANDSHAKE_INVALID, source);
      return;
    }
    if (peer.handshake().initiating() != pending
        || pending.initiator() != consumed.handshake
        || peer.presharedKey() != consumed.presharedKey) {
      ledger.failed(peer, HandshakeRole.INITIATED, DropReason.HANDSHAKE_UNEXPECTED, source);
      keys.wipe();
      return;
    }
    shard.found(peer, source);
    peer.handshake().endInitiation();
    Session session = shard.open(pending, keys, nowNs);
    Session old = peer.slots().current();
    peer.slots().dropExpiredNext(nowNs);
    Session next = peer.slots().next();
    boolean crossed = next != null && !next.isOlder(pending.sentNs());
    boolean yields = !crossed || HandshakeSteps.ourSessionStays(shard.identity(), peer);
    peer.slots().derivedAsInitiator(session, yields);
    pending.wipe();
    peer.timers().sessionDerived(nowNs);
    completed(peer, HandshakeRole.INITIATED, old, nowNs);
    peer.countReceived(Messages.RESPONSE_BYTES);
    peer.heardAt(nowNs);
    peer.timers().authenticatedReceived();
    peer.timers().traversed(nowNs);
    // Whatever goes out now confirms the session to the responder.
    sessionReady.sessionReady(peer, nowNs);
    shard.reschedule(peer);
  }

  /**
   * A cookie reply came in: it is kept for the next message, which the timer sends in its own time.
   */
  public void received(CookieReplyMessage message, long nowNs) {
    Peer peer = shard.indices().peer(message.receiverIndex());
    if (peer == null || !peer.cookieJar().consume(message, aead, nowNs)) {
      shard.drops().count(DropReason.HANDSHAKE_UNEXPECTED);
      return;
    }
    ledger.cookieReceived(peer);
  }

  /** The peer has proved to have the session of our answer. */
  public void confirmed(Peer peer, @Nullable Session old, long nowNs) {
    steps.abandonAttempt(peer); // the peer has what it needs, and may have discarded our attempt
    completed(peer, HandshakeRole.ANSWERED, old, nowNs);
  }

  /**
   * Both sides have the session (protocol 3.5, handshake-complete).
   *
   * @param old the session that it replaces, if there was one
   */
  private void completed(Peer peer, HandshakeRole role, @Nullable Session old, long nowNs) {
    peer.timers().handshakeComplete();
    ledger.completed(peer, role, old, nowNs);
  }

  /** Ends the handshakes in progress, if there are any, and wipes what they knew. */
  public void abandon(Peer peer) {
    steps.abandon(peer);
  }
}
