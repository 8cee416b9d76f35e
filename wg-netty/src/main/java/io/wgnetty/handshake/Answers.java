package io.wgnetty.handshake;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ResponderHandshake;
import org.jspecify.annotations.Nullable;

/** The responder's part of {@link Handshakes}: which initiations are answered, and how. */
final class Answers {
  private final ShardState shard;
  private final Handshakes handshakes;
  private final HandshakeLedger ledger;

  Answers(ShardState shard, Handshakes handshakes, HandshakeLedger ledger) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.ledger = ledger;
  }

  /** An initiation was of no use any more when it was its turn. */
  void initiationStale(Endpoint source) {
    ledger.failed(null, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_STALE, source);
  }

  /** Returns whether the initiation is being answered, or was at least worth it. */
  boolean initiationOpened(
      LocalIdentity identity,
      @Nullable Peer peer,
      @Nullable ResponderHandshake handshake,
      Endpoint source,
      long nowNs) {
    if (peer == null || handshake == null) {
      ledger.failed(peer, HandshakeRole.ANSWERED, DropReason.HANDSHAKE_INVALID, source);
      return false;
    }
    DropReason refusal = refusal(identity, peer, handshake, nowNs);
    if (refusal != null) {
      ledger.failed(peer, HandshakeRole.ANSWERED, refusal, source);
      handshake.wipe();
      return false;
    }
    peer.handshake().accepted(handshake.timestamp(), nowNs);
    // An attempt of our own goes on: if both sides called at once, the peer may have discarded its
    // own, or may not get our answer. One that has not been sent yet is not needed.
    handshakes.attempts().abandonUnsent(peer);
    abandon(peer);
    PendingHandshake pending = shard.indices().reserve(peer);
    peer.handshake().answer(handshake, pending);
    peer.setEndpoint(source);
    peer.countReceived(Messages.INITIATION_BYTES);
    peer.heardAt(nowNs);
    ledger.answering(peer, nowNs);
    peer.timers().authenticatedReceived();
    peer.timers().traversed(nowNs);
    PresharedKey psk = peer.presharedKey();
    if (!handshakes.submit(new CreateResponse(identity, pending, handshake, psk))) {
      abandon(peer);
      handshake.wipe();
    }
    shard.reschedule(peer);
    return true;
  }

  private @Nullable DropReason refusal(
      LocalIdentity identity, Peer peer, ResponderHandshake handshake, long nowNs) {
    if (!peer.isAdopted() || !shard.isUp() || shard.identity() != identity) {
      return DropReason.HANDSHAKE_INVALID;
    }
    if (!peer.handshake().isNews(handshake.timestamp())) {
      return DropReason.HANDSHAKE_REPLAYED;
    }
    return peer.handshake().mayInitiate(nowNs) ? null : DropReason.HANDSHAKE_TOO_SOON;
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
        peer.handshake().answer() != pending
            || peer.handshake().answering() != handshake
            || peer.presharedKey() != presharedKey
            || shard.identity() != identity;
    if (overtaken || answer == null || endpoint == null) {
      if (peer.handshake().answering() == handshake) {
        abandon(peer); // or it would seem to be on its way, and hold back our own attempts
      }
      handshake.wipe();
      if (answer != null) {
        answer.keys().wipe();
      }
      return;
    }
    peer.handshake().sent(nowNs);
    peer.handshake().endAnswer();
    // Protocol 2.3 step 7: the session is in place before the packet leaves.
    Session session = handshakes.install(pending, answer.keys(), nowNs);
    Session current = peer.slots().current();
    boolean crossed =
        current != null
            && current.isInitiator()
            && !current.isOlder(peer.handshake().lastInitiationNs());
    peer.slots().derivedAsResponder(session, crossed && Handshakes.ourSessionStays(identity, peer));
    handshake.wipe();
    peer.cookieJar().stamp(answer.message(), shard.blake2s(), nowNs);
    peer.timers().sessionDerived(nowNs);
    peer.timers().traversed(nowNs);
    peer.timers().authenticatedSent();
    handshakes.send(peer, answer.message(), endpoint);
    shard.reschedule(peer);
  }

  /** Ends the answer that is being computed, if there is one. */
  void abandon(Peer peer) {
    // A response that is being computed wipes its own state when it comes back.
    PendingHandshake pending = peer.handshake().endAnswer();
    if (pending != null) {
      shard.indices().release(pending);
    }
  }
}
