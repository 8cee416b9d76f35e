package io.wgnetty.peer;

import java.util.AbstractList;
import java.util.Arrays;

/**
 * The peers of a shard, in no particular order. Each knows its place, so that coming and going cost
 * nothing, and whoever goes through all of them backwards may stop in between: whoever leaves
 * meanwhile is replaced by one that was visited before, and nobody is passed over.
 */
public final class PeerRoster extends AbstractList<Peer> {
  private static final int INITIAL_CAPACITY = 16;

  private Peer[] peers = new Peer[INITIAL_CAPACITY];
  private int size;

  @Override
  public Peer get(int place) {
    return peers[place];
  }

  @Override
  public int size() {
    return size;
  }

  /** Takes the peer in, at the end. */
  public void join(Peer peer) {
    if (size == peers.length) {
      peers = Arrays.copyOf(peers, size * 2);
    }
    peer.rosterPlace = size;
    peers[size++] = peer;
  }

  /** Lets the peer go; the last takes its place. */
  public void leave(Peer peer) {
    int place = peer.rosterPlace;
    if (place < 0) {
      return;
    }
    Peer last = peers[--size];
    Arrays.fill(peers, size, size + 1, null);
    if (last != peer) {
      peers[place] = last;
      last.rosterPlace = place;
    }
    peer.rosterPlace = -1;
  }
}
