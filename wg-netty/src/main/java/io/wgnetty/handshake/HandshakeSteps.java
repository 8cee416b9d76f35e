package io.wgnetty.handshake;

import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import org.jspecify.annotations.Nullable;

/** What {@link Attempts} and {@link Answers} have in common: work, messages, and early ends. */
final class HandshakeSteps {
  private final ShardState shard;
  private final HandshakeOutput output;

  HandshakeSteps(ShardState shard, HandshakeOutput output) {
    this.shard = shard;
    this.output = output;
  }

  /** Gives work to the workers; returns false, and counts that, if they have no place for it. */
  boolean submit(HandshakeJob job) {
    if (output.submit(job)) {
      return true;
    }
    shard.drops().count(DropReason.HANDSHAKE_QUEUE_FULL);
    return false;
  }

  void send(Peer peer, byte[] message, Endpoint endpoint) {
    if (output.sendHandshake(message, endpoint)) {
      peer.countSent(message.length);
    } else {
      shard.drops().count(DropReason.HANDSHAKE_REFUSED);
    }
  }

  /** Ends our own attempt, if there is one, and wipes what it knew. */
  void abandonAttempt(Peer peer) {
    PendingHandshake pending = peer.handshake().endInitiation();
    if (pending != null) {
      shard.indices().release(pending);
      pending.wipe();
    }
  }

  /** Ends an attempt of our own that no message has left for yet. */
  void abandonUnsentAttempt(Peer peer) {
    PendingHandshake pending = peer.handshake().initiating();
    if (pending != null && pending.initiator() == null) {
      abandonAttempt(peer);
    }
  }

  /** Ends the answer that is being computed, if there is one. */
  void abandonAnswer(Peer peer) {
    // A response that is being computed wipes its own state when it comes back.
    PendingHandshake pending = peer.handshake().endAnswer();
    if (pending != null) {
      shard.indices().release(pending);
    }
  }

  /** Ends the handshakes in progress, if there are any. */
  void abandon(Peer peer) {
    abandonAttempt(peer);
    abandonAnswer(peer);
  }

  /**
   * Both sides called at once and both calls were answered: whether the session of our call is the
   * one that stays. Each side knows both keys, so both find the same one, and only its initiator
   * renews it.
   */
  static boolean ourSessionStays(@Nullable LocalIdentity identity, Peer peer) {
    return identity != null && identity.publicKey().isBefore(peer.publicKey());
  }
}
