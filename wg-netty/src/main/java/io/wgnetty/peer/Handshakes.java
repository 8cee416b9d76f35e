package io.wgnetty.peer;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.Tai64n;
import io.wgnetty.protocol.CookieReplyMessage;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.InitiatorHandshake;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ResponderHandshake;
import io.wgnetty.protocol.ResponseMessage;
import io.wgnetty.protocol.TransportKeys;
import org.jspecify.annotations.Nullable;

/**
 * When handshakes begin, go on and end (protocol 2, 3.1, 3.3, 3.5). The computations themselves are
 * {@link HandshakeJob}s; each comes back through one of the methods below, which first asks whether
 * the world is still as it was.
 */
public final class Handshakes {
  private final PeerShard shard;
  private final Aead aead;
  private final HandshakeLedger ledger;

  Handshakes(PeerShard shard, Aead aead) {
    this.shard = shard;
    this.aead = aead;
    this.ledger = new HandshakeLedger(shard);
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
    if (!peer.timers.takeAttempt()) {
      peer.timers.gaveUp(nowNs);
      shard.purgeStaged(peer);
      ledger.gaveUp(peer);
      return;
    }
    peer.dropLocalAddress(); // protocol 4.4: it may be why nothing came back
    start(peer, nowNs);
  }

  /** Nothing came back although we sent data. */
  void restart(Peer peer, long nowNs) {
    peer.dropLocalAddress(); // protocol 4.4, as above
    initiate(peer, nowNs);
  }

  private void start(Peer peer, long nowNs) {
    LocalIdentity identity = shard.identity();
    if (identity == null || peer.endpoint() == null || !shard.isUp() || !peer.adopted) {
      return;
    }
    long timeoutNs = shard.timings().rekeyTimeoutNs();
    if (peer.answering != null && nowNs - peer.lastInitiationNs < timeoutNs) {
      // Our response is on its way. Should it not lead to a session, the timer tries from our side.
      // After so long it never will: the worker broke down over it.
      retryIn(peer, timeoutNs, nowNs);
      return;
    }
    long sinceLastNs = nowNs - peer.lastHandshakeSentNs;
    if (peer.handshakeEverSent && sinceLastNs < timeoutNs) {
      // Refused by the gate. Try again when it opens, or a chain of retries would break off here.
      retryIn(peer, timeoutNs - sinceLastNs, nowNs);
      return;
    }
    abandon(peer);
    peer.stampHandshakeSent(nowNs);
    PendingHandshake pending = shard.indices().reserve(peer);
    peer.handshake = pending;
    ledger.attempted(peer, nowNs);
    byte[] timestamp = Tai64n.whitened(shard.epochNs());
    if (!submit(new CreateInitiation(identity, pending, timestamp))) {
      abandon(peer);
    }
    // Armed here already: if the work is lost, the timer still is not.
    peer.timers.armRetransmit(nowNs, timeoutNs + shard.jitterNs());
    shard.reschedule(peer);
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
    if (handshake == null) {
      return; // the peer's key is of low order: nothing may ever be sent to it
    }
    Peer peer = pending.peer();
    Endpoint endpoint = peer.endpoint();
    if (peer.handshake != pending || shard.identity() != identity || endpoint == null) {
      handshake.wipe();
      return;
    }
    pending.initiated(handshake);
    byte[] message = handshake.message();
    peer.cookieJar.stamp(message, nowNs);
    peer.stampHandshakeSent(nowNs);
    peer.timers.traversed(nowNs);
    peer.timers.authenticatedSent();
    send(peer, message, endpoint);
    peer.timers.armRetransmit(nowNs, shard.timings().rekeyTimeoutNs() + shard.jitterNs());
    shard.reschedule(peer);
  }

  /** An initiation with a good mac1 came in. */
  public void received(InitiationMessage message, Endpoint source) {
    LocalIdentity identity = shard.identity();
    if (identity == null) {
      shard.drops().count(DropReason.NO_PRIVATE_KEY);
      return;
    }
    submit(new OpenInitiation(shard, identity, message, source));
  }

  void initiationOpened(
      LocalIdentity identity,
      @Nullable Peer peer,
      @Nullable ResponderHandshake handshake,
      Endpoint source,
      long nowNs) {
    if (peer == null || handshake == null) {
      ledger.failed(peer, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_INVALID, source);
      return;
    }
    DropReason refusal = refusal(identity, peer, handshake, nowNs);
    if (refusal != null) {
      ledger.failed(peer, HandshakeRole.ANSWERED, refusal, source);
      handshake.wipe();
      return;
    }
    peer.greatestTimestamp = handshake.timestamp();
    peer.lastInitiationNs = nowNs;
    abandon(peer); // protocol 3.1: it overwrites an attempt of our own
    peer.answering = handshake;
    peer.setEndpoint(source);
    peer.countReceived(Messages.INITIATION_BYTES);
    peer.heardAt(nowNs);
    ledger.answering(peer, nowNs);
    peer.timers.authenticatedReceived();
    peer.timers.traversed(nowNs);
    PendingHandshake pending = shard.indices().reserve(peer);
    peer.handshake = pending;
    PresharedKey psk = peer.presharedKey();
    if (!submit(new CreateResponse(identity, pending, handshake, psk))) {
      abandon(peer);
      handshake.wipe();
    }
    shard.reschedule(peer);
  }

  private @Nullable DropReason refusal(
      LocalIdentity identity, Peer peer, ResponderHandshake handshake, long nowNs) {
    if (!peer.adopted || !shard.isUp() || shard.identity() != identity) {
      return DropReason.HANDSHAKE_INVALID;
    }
    byte[] greatest = peer.greatestTimestamp;
    if (greatest == null) {
      return null;
    }
    if (Tai64n.compare(handshake.timestamp(), greatest) <= 0) {
      return DropReason.HANDSHAKE_REPLAYED;
    }
    return nowNs - peer.lastInitiationNs < Timings.INITIATION_SPACING_NS
        ? DropReason.HANDSHAKE_TOO_SOON
        : null;
  }

  void responseCreated(
      LocalIdentity identity,
      PendingHandshake pending,
      ResponderHandshake handshake,
      PresharedKey presharedKey,
      ResponderHandshake.@Nullable Answer answer,
      long nowNs) {
    Peer peer = pending.peer();
    Endpoint endpoint = peer.endpoint();
    boolean overtaken =
        peer.handshake != pending
            || peer.answering != handshake
            || peer.presharedKey() != presharedKey
            || shard.identity() != identity;
    if (overtaken || answer == null || endpoint == null) {
      if (peer.answering == handshake) {
        abandon(peer); // or it would seem to be on its way for ever, and hold back our own attempts
      }
      handshake.wipe();
      if (answer != null) {
        answer.keys().wipe();
      }
      if (peer.handshake == pending) {
        abandon(peer); // or no handshake of ours could begin before the peer's next one
      }
      return;
    }
    peer.stampHandshakeSent(nowNs);
    peer.answering = null;
    peer.handshake = null;
    // Protocol 2.3 step 7: the session is in place before the packet leaves.
    Session session = install(pending, answer.keys(), nowNs);
    peer.slots.derivedAsResponder(session);
    handshake.wipe();
    peer.cookieJar.stamp(answer.message(), nowNs);
    peer.timers.sessionDerived(nowNs);
    peer.timers.traversed(nowNs);
    peer.timers.authenticatedSent();
    send(peer, answer.message(), endpoint);
    shard.reschedule(peer);
  }

  /** A response with a good mac1 came in. */
  public void received(ResponseMessage message, Endpoint source) {
    PendingHandshake pending = shard.indices().handshake(message.receiverIndex());
    InitiatorHandshake handshake = pending == null ? null : pending.initiator();
    if (pending == null || handshake == null) {
      ledger.failed(null, HandshakeRole.INITIATED, DropReason.HANDSHAKE_UNEXPECTED, source);
      return;
    }
    PresharedKey psk = pending.peer().presharedKey();
    submit(new ConsumeResponse(pending, handshake, message, psk, source));
  }

  void responseConsumed(
      PendingHandshake pending,
      InitiatorHandshake handshake,
      PresharedKey presharedKey,
      @Nullable TransportKeys keys,
      Endpoint source,
      long nowNs) {
    Peer peer = pending.peer();
    if (keys == null) {
      ledger.failed(peer, HandshakeRole.INITIATED, DropReason.HANDSHAKE_INVALID, source);
      return;
    }
    if (peer.handshake != pending
        || pending.initiator() != handshake
        || peer.presharedKey() != presharedKey) {
      ledger.failed(peer, HandshakeRole.INITIATED, DropReason.HANDSHAKE_UNEXPECTED, source);
      keys.wipe();
      return;
    }
    peer.setEndpoint(source);
    peer.handshake = null;
    Session session = install(pending, keys, nowNs);
    Session old = peer.slots.current();
    peer.slots.derivedAsInitiator(session);
    pending.wipe();
    peer.timers.sessionDerived(nowNs);
    completed(peer, HandshakeRole.INITIATED, old, nowNs);
    peer.countReceived(Messages.RESPONSE_BYTES);
    peer.heardAt(nowNs);
    peer.timers.authenticatedReceived();
    peer.timers.traversed(nowNs);
    // Whatever goes out now confirms the session to the responder.
    shard.transport().sendKeepalive(peer, nowNs);
    shard.reschedule(peer);
  }

  /**
   * A cookie reply came in: it is kept for the next message, which the timer sends in its own time.
   */
  public void received(CookieReplyMessage message, long nowNs) {
    Peer peer = shard.indices().peer(message.receiverIndex());
    if (peer == null || !peer.cookieJar.consume(message, aead, nowNs)) {
      shard.drops().count(DropReason.HANDSHAKE_UNEXPECTED);
      return;
    }
    ledger.cookieReceived(peer);
  }

  /**
   * Both sides have the session (protocol 3.5, handshake-complete).
   *
   * @param old the session that it replaces, if there was one
   */
  void completed(Peer peer, HandshakeRole role, @Nullable Session old, long nowNs) {
    peer.timers.handshakeComplete();
    peer.lastMinuteRekeyAsked = false;
    ledger.completed(peer, role, old, nowNs);
  }

  /** Ends the handshake in progress, if there is one, and wipes what it knew. */
  void abandon(Peer peer) {
    PendingHandshake pending = peer.handshake;
    if (pending != null) {
      shard.indices().release(pending);
      pending.wipe();
      peer.handshake = null;
    }
    // A response that is being computed wipes its own state when it comes back.
    peer.answering = null;
  }

  private Session install(PendingHandshake pending, TransportKeys keys, long nowNs) {
    Session session = new Session(pending.peer(), keys, shard.keySlab(), shard.timings(), nowNs);
    shard.indices().replace(pending, session);
    return session;
  }

  private void send(Peer peer, byte[] message, Endpoint endpoint) {
    if (shard.output().sendHandshake(message, endpoint)) {
      peer.countSent(message.length);
    } else {
      shard.drops().count(DropReason.HANDSHAKE_REFUSED);
    }
  }

  private boolean submit(HandshakeJob job) {
    if (shard.output().submit(job)) {
      return true;
    }
    shard.drops().count(DropReason.HANDSHAKE_QUEUE_FULL);
    return false;
  }
}
