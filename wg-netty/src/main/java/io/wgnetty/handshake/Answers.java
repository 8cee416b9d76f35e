package io.wgnetty.handshake;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ResponderHandshake;
import org.jspecify.annotations.Nullable;

/** The responder's part of handshakes: which initiations are answered, and how. */
final class Answers {
  private final ShardState shard;
  private final HandshakeSteps steps;
  private final HandshakeLedger ledger;

  Answers(ShardState shard, HandshakeSteps steps, HandshakeLedger ledger) {
    this.shard = shard;
    this.steps = steps;
    this.ledger = ledger;
  }

  void initiationOpened(OpenInitiation opened, long nowNs) {
    if (opened.isKept()) {
      return; // it is handed in again
    }
    Peer peer = opened.peer();
    ResponderHandshake handshake = opened.handshake();
    if (peer == null || handshake == null) {
      DropReason reason =
          opened.isOpened() ? DropReason.HANDSHAKE_INVALID : DropReason.HANDSHAKE_STALE;
      ledger.failed(peer, HandshakeRole.ANSWERED, reason, opened.source);
      return;
    }
    DropReason refusal = refusal(opened.identity, peer, handshake, nowNs);
    if (refusal != null) {
      ledger.failed(peer, HandshakeRole.ANSWERED, refusal, opened.source);
      opened.charge(nowNs); // a replay costs as much as what is forged
      opened.discard();
      return;
    }
    answer(peer, handshake, opened, nowNs);
  }

  private @Nullable DropReason refusal(
      LocalIdentity identity, Peer peer, ResponderHandshake handshake, long nowNs) {
    if (!peer.isAdopted() || !shard.isUp() || shard.identity() != identity) {
      return DropReason.HANDSHAKE_INVALID;
    }
    byte[] timestamp = handshake.timestamp();
    if (!peer.handshake().isNews(timestamp)
        || !shard.directory().stamps().isNews(peer.publicKey(), timestamp)) {
      return DropReason.HANDSHAKE_REPLAYED;
    }
    return peer.handshake().mayInitiate(nowNs) ? null : DropReason.HANDSHAKE_TOO_SOON;
  }

  private void answer(Peer peer, ResponderHandshake handshake, OpenInitiation opened, long nowNs) {
    peer.handshake().accepted(handshake.timestamp(), nowNs);
    // An attempt of our own goes on: if both sides called at once, the peer may have discarded its
    // own, or may not get our answer. One that has not been sent yet is not needed.
    steps.abandonUnsentAttempt(peer);
    steps.abandonAnswer(peer);
    PendingHandshake pending = shard.indices().reserve(peer);
    peer.handshake().answer(handshake, pending);
    shard.found(peer, opened.source);
    peer.countReceived(Messages.INITIATION_BYTES);
    peer.heardAt(nowNs);
    ledger.answering(peer, nowNs);
    peer.timers().authenticatedReceived();
    peer.timers().traversed(nowNs);
    CreateResponse response =
        new CreateResponse(opened.identity, pending, handshake, peer.presharedKey());
    if (!steps.submit(response)) {
      steps.abandonAnswer(peer);
      response.discard();
    }
    shard.reschedule(peer);
  }

  void responseCreated(CreateResponse created, long nowNs) {
    PendingHandshake pending = created.pending;
    Peer peer = pending.peer();
    Endpoint endpoint = peer.endpoint();
    ResponderHandshake.Answer answer = created.answer();
    boolean overtaken =
        peer.handshake().answer() != pending
            || peer.handshake().answering() != created.handshake
            || peer.presharedKey() != created.presharedKey
            || shard.identity() != created.identity;
    if (overtaken || answer == null || endpoint == null) {
      if (peer.handshake().answering() == created.handshake) {
        steps.abandonAnswer(peer); // or it would seem to be on its way, and hold back our attempts
      }
      created.discard();
      return;
    }
    peer.handshake().sent(nowNs);
    peer.handshake().endAnswer();
    // Protocol 2.3 step 7: the session is in place before the packet leaves.
    Session session = shard.open(pending, answer.keys(), nowNs);
    Session current = peer.slots().current();
    boolean crossed =
        current != null
            && current.isInitiator()
            && !current.isOlder(peer.handshake().lastInitiationNs());
    boolean yields = crossed && HandshakeSteps.ourSessionStays(created.identity, peer);
    peer.slots().derivedAsResponder(session, yields);
    created.handshake.wipe();
    peer.cookieJar().stamp(answer.message(), shard.blake2s(), nowNs);
    peer.timers().sessionDerived(nowNs);
    peer.timers().traversed(nowNs);
    peer.timers().authenticatedSent();
    steps.send(peer, answer.message(), endpoint);
    shard.reschedule(peer);
  }
}
