package io.wgnetty.peer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Peers ordered by the moment at which they want to be looked at: a heap in which every peer knows
 * its place, so that moving or removing one needs no search. Peers without a deadline are not in it
 * and cost nothing.
 *
 * <p>The deadlines stand in an array of their own, and a node has four children: with a million
 * peers what takes time are accesses to memory, and so the peers themselves are only touched to be
 * told their place.
 */
final class DeadlineHeap {
  private static final int INITIAL_CAPACITY = 64;
  private static final int CHILDREN = 4;

  private Peer[] peers = new Peer[INITIAL_CAPACITY];
  private long[] deadlinesNs = new long[INITIAL_CAPACITY];
  private int size;

  /** The earliest deadline, {@link PeerTimers#NEVER} if there is none. */
  long earliestNs() {
    return size == 0 ? PeerTimers.NEVER : deadlinesNs[0];
  }

  /** Takes a peer whose deadline has passed. */
  @Nullable Peer poll(long nowNs) {
    if (size == 0 || deadlinesNs[0] > nowNs) {
      return null;
    }
    Peer peer = peers[0];
    remove(peer);
    return peer;
  }

  /** Puts the peer at its place for this deadline. */
  void schedule(Peer peer, long deadlineNs) {
    if (deadlineNs == PeerTimers.NEVER) {
      remove(peer);
      return;
    }
    peer.deadlineNs = deadlineNs;
    int position = peer.heapPosition;
    if (position < 0) {
      if (size == peers.length) {
        peers = Arrays.copyOf(peers, size * 2);
        deadlinesNs = Arrays.copyOf(deadlinesNs, size * 2);
      }
      position = size++;
    }
    sift(peer, deadlineNs, position);
  }

  void remove(Peer peer) {
    int position = peer.heapPosition;
    if (position < 0) {
      return;
    }
    Peer last = peers[--size];
    long lastNs = deadlinesNs[size];
    Arrays.fill(peers, size, size + 1, null);
    peer.heapPosition = -1;
    peer.deadlineNs = PeerTimers.NEVER;
    if (last != peer) {
      sift(last, lastNs, position);
    }
  }

  int size() {
    return size;
  }

  /** Moves a gap from {@code position} to where the peer belongs, and puts it there. */
  private void sift(Peer peer, long deadlineNs, int position) {
    int gap = siftUp(deadlineNs, position);
    if (gap == position) {
      gap = siftDown(deadlineNs, position);
    }
    place(peer, deadlineNs, gap);
  }

  private int siftUp(long deadlineNs, int position) {
    int gap = position;
    while (gap > 0) {
      int parent = (gap - 1) / CHILDREN;
      if (deadlinesNs[parent] <= deadlineNs) {
        break;
      }
      place(peers[parent], deadlinesNs[parent], gap);
      gap = parent;
    }
    return gap;
  }

  private int siftDown(long deadlineNs, int position) {
    int gap = position;
    while (CHILDREN * gap + 1 < size) {
      int child = earliestChild(gap);
      if (deadlinesNs[child] >= deadlineNs) {
        break;
      }
      place(peers[child], deadlinesNs[child], gap);
      gap = child;
    }
    return gap;
  }

  private int earliestChild(int parent) {
    int earliest = CHILDREN * parent + 1;
    int end = Math.min(earliest + CHILDREN, size);
    for (int child = earliest + 1; child < end; child++) {
      if (deadlinesNs[child] < deadlinesNs[earliest]) {
        earliest = child;
      }
    }
    return earliest;
  }

  private void place(Peer peer, long deadlineNs, int position) {
    peers[position] = peer;
    deadlinesNs[position] = deadlineNs;
    peer.heapPosition = position;
  }
}
