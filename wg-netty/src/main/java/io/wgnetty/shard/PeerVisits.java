package io.wgnetty.shard;

import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerRoster;
import java.util.function.ObjLongConsumer;

/**
 * Something that is done to all peers of a shard, some at a time: a loop with a million of them
 * would carry no packet for as long as it takes. Whoever began it goes on until there are no more.
 * Peers that come meanwhile are not visited.
 */
public final class PeerVisits {
  /** Cold peers cost some microseconds at most, so this is a millisecond or two. */
  static final int AT_ONCE = 512;

  private final PeerRoster peers;
  private final ObjLongConsumer<Peer> visit;
  private int left;

  PeerVisits(PeerRoster peers, ObjLongConsumer<Peer> visit) {
    this.peers = peers;
    this.visit = visit;
    this.left = peers.size();
  }

  /** Visits some; returns whether there are more. On the shard's thread. */
  public boolean some(long nowNs) {
    for (int i = 0; i < AT_ONCE && left > 0; i++) {
      left = Math.min(left, peers.size()) - 1;
      if (left >= 0) {
        visit.accept(peers.get(left), nowNs);
      }
    }
    return left > 0;
  }

  /** Visits all that are left. */
  public void all(long nowNs) {
    while (some(nowNs)) {
      // there are more
    }
  }
}
