package io.wgnetty.shard;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerTimers;
import io.wgnetty.peer.PendingHandshake;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.TestSession;
import org.jspecify.annotations.Nullable;

/** What the simulation must see of a shard, and nobody else has to. */
public final class ShardInspection {
  private ShardInspection() {}

  /** What is left of peers in the shard; empty when nothing is. */
  public static String remains(PeerShard shard) {
    StringBuilder remains = new StringBuilder();
    append(remains, "keys", shard.state().keySlab().inUse());
    append(remains, "indices", shard.state().indices().size());
    append(remains, "deadlines", shard.nextDeadlineNs() == PeerTimers.NEVER ? 0 : 1);
    append(remains, "peers", shard.peers().size());
    return remains.toString();
  }

  private static void append(StringBuilder text, String what, int count) {
    if (count != 0) {
      text.append(count).append(' ').append(what).append(' ');
    }
  }

  /** What a removed peer still holds on to; empty when nothing. */
  public static String remains(Peer peer) {
    boolean holds =
        !peer.staged().isEmpty()
            || peer.handshake().initiating() != null
            || peer.handshake().answering() != null
            || peer.hasDeadline()
            || peer.slots().current() != null
            || peer.slots().previous() != null
            || peer.slots().next() != null;
    return holds ? "peer " + peer : "";
  }

  /** The peer that a handshake or session of this index is with. */
  public static @Nullable Peer peerOf(PeerShard shard, int localIndex) {
    return shard.state().indices().peer(localIndex);
  }

  /** The timestamp that the peer's next initiation has to exceed. */
  public static byte @Nullable [] greatestTimestamp(Peer peer) {
    return peer.handshake().greatestTimestamp();
  }

  /** The defect of a responder that does not wait for the confirmation of its session. */
  public static void confirmUnasked(Peer peer) {
    Session next = peer.slots().next();
    if (next != null) {
      peer.slots().confirm(next);
    }
  }

  /** What other implementations do when they answer: an attempt of their own is over. */
  public static void giveUpInitiation(Peer peer) {
    PendingHandshake pending = peer.handshake().initiating();
    if (pending != null) {
      peer.shard().indices().release(pending);
      pending.wipe();
      peer.handshake().endInitiation();
    }
  }

  /** The persistent keepalive is not due any more, and nothing will arm it. */
  public static void forgetKeepalive(Peer peer) {
    int seconds = peer.keepaliveSeconds();
    peer.timers().setPersistentInterval(0);
    peer.timers().setPersistentInterval(seconds);
  }

  /** Whether an attempt of ours to reach the peer is under way. */
  public static boolean calls(Peer peer) {
    return peer.handshake().initiating() != null || peer.handshake().waitsForWorkers();
  }

  /** The defect of a shard that tells its counters before it has stopped to use them. */
  public static void setCountersBack(PeerShard shard) {
    for (Peer peer : shard.peers()) {
      Session current = peer.slots().current();
      if (current != null) {
        TestSession.setBack(current);
      }
    }
  }

  /** Frees the key memory of a shard whose node has crashed. */
  public static void discard(PeerShard shard) {
    shard.state().keySlab().close();
  }
}
