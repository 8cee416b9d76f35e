package io.wgnetty.peer;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What happens to peers that a person or a recording may want to know. Told on the thread of the
 * peer's shard, at the rate of handshakes and never of packets; who listens to several shards has
 * to bear several threads. A listener returns soon: packets wait for it.
 */
public interface ShardEvents {
  /** Nobody listens. */
  ShardEvents NONE = new ShardEvents() {};

  /** A first message goes out, or came in and is answered. */
  default void handshakeBegun(Peer peer, HandshakeRole role) {}

  /** Our first message goes out again: the {@code attempt}-th time. */
  default void handshakeRetransmitted(Peer peer, int attempt) {}

  /**
   * Both sides have a new session.
   *
   * @param durationNs since it was begun
   * @param gapNs since the handshake before that was completed; -1 if this is the first
   */
  default void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {}

  /**
   * A handshake message led to nothing.
   *
   * @param peer whom it came from, if that was found out
   * @param role ours in it
   * @param source where it came from, if it came from somewhere
   */
  default void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {}

  /** Nothing came back however often we tried: the peer is silent. */
  default void handshakeGivenUp(Peer peer, int attempts) {}

  /** A new session takes the place of one of this age. */
  default void rekeyed(Peer peer, HandshakeRole role, long oldSessionAgeNs) {}

  /** An authentic message came from elsewhere than the ones before. */
  default void roamed(Peer peer, Endpoint from, Endpoint to) {}

  /**
   * We send to another address of the peer's name from now on: the name leads elsewhere, or the
   * address before was silent.
   */
  default void movedByName(Peer peer, String name, Endpoint to) {}

  /** Somebody calls by a key that no peer has; told on a worker's thread. */
  default void unknownKey(PublicKey key, Endpoint source) {}

  /** Packets of a peer are dropped for its limit, after a time in which none were. */
  default void limitReached(Peer peer, DropReason reason) {}

  /** The peer is no longer one; nothing is counted for it any more. */
  default void removed(Peer peer) {}

  /** We are under load, and asked a source to prove itself. */
  default void cookieSent(Endpoint to) {}

  /** A peer under load asked us for proof. */
  default void cookieReceived(Peer peer) {}

  /** The sessions were not renewed, and their keys are wiped. */
  default void sessionExpired(Peer peer) {}

  /** So many handshake messages wait that sources have to prove themselves from now on. */
  default void loadBegan(int shard) {}

  /** Noticed when the next handshake message comes: the load is over. */
  default void loadEnded(int shard) {}

  /**
   * Whether {@link #dropped} is to be called. Asked once for a batch in which something was
   * dropped.
   */
  default boolean samplesDrops() {
    return false;
  }

  /**
   * A sample of what is dropped: one reason of one batch.
   *
   * @param packets of this reason in the batch
   * @param peer of the first of them, if known
   */
  default void dropped(int shard, DropReason reason, int packets, @Nullable Peer peer) {}

  /**
   * The kernel refused an offload, and goes without it.
   *
   * @param offload which, in words
   */
  default void offloadFellBack(int shard, String offload) {}
}
