package io.wgnetty.peer;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.Tai64n;
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
 * {@link HandshakeJob}s; each comes back through one of the methods below, which first asks whether
 * the world is still as it was.
 */
public final class Handshakes {
  private final PeerShard shard;
  private final Aead aead;
  private final HandshakeLedger ledger;
  private final Answers answers;

  Handshakes(PeerShard shard, Aead aead) {
    this.shard = shard;
    this.aead = aead;
    this.ledger = new HandshakeLedger(shard);
    this.answers = new Answers(shard, this, ledger);
  }

  /** The responder's part. */
  Answers answers() {
    return answers;
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
    if (!start(peer, nowNs)) {
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
  public void setEndpoint(Peer peer, Endpoint endpoint, long nowNs) {
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

  /** Returns whether an initiation is on its way. */
  private boolean start(Peer peer, long nowNs) {
    LocalIdentity identity = shard.identity();
    if (identity == null || peer.endpoint() == null || !shard.isUp() || !peer.adopted) {
      return false;
    }
    if (peer.unusable) {
      return false;
    }
    long timeoutNs = shard.timings().rekeyTimeoutNs();
    if (peer.answering != null && nowNs - peer.lastInitiationNs < timeoutNs) {
      // Our response is on its way. Should it not lead to a session, the timer tries from our side.
      // After so long it never will: the worker broke down over it.
      retryIn(peer, timeoutNs, nowNs);
      return false;
    }
    // Two stamps of the same moment would look like a replay, so that much distance is always kept.
    long distanceNs = peer.handshakeGated ? timeoutNs : Tai64n.RESOLUTION_NS;
    long sinceLastNs = nowNs - peer.lastHandshakeSentNs;
    if (sinceLastNs < distanceNs) {
      // Refused by the gate. Try again when it opens, or a chain of retries would break off here.
      retryIn(peer, distanceNs - sinceLastNs, nowNs);
      return false;
    }
    abandon(peer);
    PendingHandshake pending = shard.indices().reserve(peer);
    byte[] timestamp = Tai64n.whitened(shard.stampNs(nowNs));
    boolean submitted = submit(new CreateInitiation(identity, pending, timestamp));
    if (submitted) {
      peer.stampHandshakeSent(nowNs);
      peer.initiating = pending;
      ledger.attempted(peer, nowNs);
    } else {
      shard.indices().release(pending);
    }
    // Armed here already: if the work is refused or lost, the timer still is not.
    peer.timers.armRetransmit(nowNs, timeoutNs + shard.jitterNs());
    shard.reschedule(peer);
    return submitted;
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
    Peer peer = pending.peer();
    if (handshake == null) {
      if (peer.initiating == pending) {
        // The peer's key is of low order. (Where the attempt is over, ours may have been wiped.)
        peer.unusable = true;
        abandon(peer);
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
    if (peer.initiating != pending
        || pending.initiator() != handshake
        || peer.presharedKey() != presharedKey) {
      ledger.failed(peer, HandshakeRole.INITIATED, DropReason.HANDSHAKE_UNEXPECTED, source);
      keys.wipe();
      return;
    }
    peer.setEndpoint(source);
    peer.initiating = null;
    Session session = install(pending, keys, nowNs);
    Session old = peer.slots.current();
    peer.slots.dropExpiredNext(nowNs);
    Session next = peer.slots.next();
    boolean crossed = next != null && !next.isOlder(pending.sentNs());
    peer.slots.derivedAsInitiator(session, !crossed || ourSessionStays(shard.identity(), peer));
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
   * Both sides called at once and both calls were answered: whether the session of our call is the
   * one that stays. Each side knows both keys, so both find the same one, and only its initiator
   * renews it.
   */
  static boolean ourSessionStays(@Nullable LocalIdentity identity, Peer peer) {
    return identity != null && identity.publicKey().isBefore(peer.publicKey());
  }

  /** The peer has proved to have the session of our answer. */
  void confirmed(Peer peer, @Nullable Session old, long nowNs) {
    abandonInitiation(peer); // the peer has what it needs, and may have discarded our attempt
    completed(peer, HandshakeRole.ANSWERED, old, nowNs);
  }

  /**
   * Both sides have the session (protocol 3.5, handshake-complete).
   *
   * @param old the session that it replaces, if there was one
   */
  private void completed(Peer peer, HandshakeRole role, @Nullable Session old, long nowNs) {
    peer.timers.handshakeComplete();
    peer.lastMinuteRekeyAsked = false;
    ledger.completed(peer, role, old, nowNs);
  }

  /** Ends the handshakes in progress, if there are any, and wipes what they knew. */
  void abandon(Peer peer) {
    abandonInitiation(peer);
    answers.abandon(peer);
  }

  /** Ends an attempt of our own that no message has left for yet. */
  void abandonUnsent(Peer peer) {
    if (peer.initiating != null && peer.initiating.initiator() == null) {
      abandonInitiation(peer);
    }
  }

  private void abandonInitiation(Peer peer) {
    PendingHandshake pending = peer.initiating;
    if (pending != null) {
      shard.indices().release(pending);
      pending.wipe();
      peer.initiating = null;
    }
  }

  Session install(PendingHandshake pending, TransportKeys keys, long nowNs) {
    Session session = new Session(pending.peer(), keys, shard.keySlab(), shard.timings(), nowNs);
    shard.indices().replace(pending, session);
    return session;
  }

  void send(Peer peer, byte[] message, Endpoint endpoint) {
    if (shard.output().sendHandshake(message, endpoint)) {
      peer.countSent(message.length);
    } else {
      shard.drops().count(DropReason.HANDSHAKE_REFUSED);
    }
  }

  boolean submit(HandshakeJob job) {
    if (shard.output().submit(job)) {
      return true;
    }
    shard.drops().count(DropReason.HANDSHAKE_QUEUE_FULL);
    return false;
  }
}
