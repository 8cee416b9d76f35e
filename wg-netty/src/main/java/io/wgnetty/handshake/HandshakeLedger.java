package io.wgnetty.handshake;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.peer.HandshakeProgress;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardState;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What became of handshakes: counts it, keeps each peer's attempts and times, and tells whoever
 * listens. Decides nothing.
 */
final class HandshakeLedger {
  private final ShardState shard;

  HandshakeLedger(ShardState shard) {
    this.shard = shard;
  }

  /** An initiation of ours is on its way: the first of a handshake, or another one. */
  void attempted(Peer peer, long nowNs) {
    if (peer.handshake().countAttempt(nowNs)) {
      shard.counters().countBegun(HandshakeRole.INITIATED);
      shard.events().handshakeBegun(peer, HandshakeRole.INITIATED);
    } else {
      shard.counters().countRetransmission();
      shard.events().handshakeRetransmitted(peer, peer.handshakeAttempt());
    }
  }

  /** A peer's initiation is answered; an attempt of our own goes on. */
  void answering(Peer peer, long nowNs) {
    peer.handshake().begunByPeer(nowNs);
    shard.counters().countBegun(HandshakeRole.ANSWERED);
    shard.events().handshakeBegun(peer, HandshakeRole.ANSWERED);
  }

  /** No attempt was answered, and none is made any more. */
  void gaveUp(Peer peer) {
    int attempts = peer.handshake().endAttempts();
    if (attempts > 0) {
      shard.counters().countGivenUp();
      shard.events().handshakeGivenUp(peer, attempts);
    }
  }

  /**
   * Both sides have the session.
   *
   * @param old the session that it replaces, if there was one
   */
  void completed(Peer peer, HandshakeRole role, @Nullable Session old, long nowNs) {
    HandshakeProgress progress = peer.handshake();
    long gapNs = peer.lastHandshakeEpochNs() == 0 ? -1 : nowNs - progress.lastCompletedNs();
    int ended = progress.endAttempts();
    int attempts = role == HandshakeRole.INITIATED ? ended : 0;
    progress.completed(nowNs);
    peer.handshakeCompletedAt(shard.epochNs());
    shard.counters().countCompleted(role);
    ShardEvents events = shard.events();
    events.handshakeCompleted(peer, role, nowNs - progress.begunNs(), gapNs, attempts);
    if (old != null) {
      events.rekeyed(peer, role, old.ageNs(nowNs));
    }
  }

  /** A message led to nothing. */
  void failed(@Nullable Peer peer, HandshakeRole role, DropReason reason, Endpoint source) {
    shard.countDrop(reason, peer);
    shard.counters().countFailed(role);
    shard.events().handshakeFailed(peer, role, reason, source);
  }

  /** A cookie came that the next message will carry. */
  void cookieReceived(Peer peer) {
    shard.counters().countCookieReceived();
    shard.events().cookieReceived(peer);
  }
}
