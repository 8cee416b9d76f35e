package io.wgnetty.peer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Peers ordered by the moment at which they want to be looked at: a binary heap in which every peer
 * knows its place, so that moving or removing one needs no search. Peers without a deadline are not
 * in it and cost nothing.
 */
final class DeadlineHeap {
  private static final int INITIAL_CAPACITY = 64;

  private Peer[] heap = new Peer[INITIAL_CAPACITY];
  private int size;

  /** The earliest deadline, {@link PeerTimers#NEVER} if there is none. */
  long earliestNs() {
    return size == 0 ? PeerTimers.NEVER : heap[0].deadlineNs;
  }

  /** Takes a peer whose deadline has passed. */
  @Nullable Peer poll(long nowNs) {
    if (size == 0 || heap[0].deadlineNs > nowNs) {
      return null;
    }
    Peer peer = heap[0];
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
    if (peer.heapPosition < 0) {
      if (size == heap.length) {
        heap = Arrays.copyOf(heap, size * 2);
      }
      place(peer, size++);
    }
    siftUp(peer);
    siftDown(peer);
  }

  void remove(Peer peer) {
    int position = peer.heapPosition;
    if (position < 0) {
      return;
    }
    Peer last = heap[--size];
    Arrays.fill(heap, size, size + 1, null);
    peer.heapPosition = -1;
    peer.deadlineNs = PeerTimers.NEVER;
    if (last != peer) {
      place(last, position);
      siftUp(last);
      siftDown(last);
    }
  }

  int size() {
    return size;
  }

  private void siftUp(Peer peer) {
    int position = peer.heapPosition;
    while (position > 0) {
      Peer parent = heap[(position - 1) / 2];
      if (parent.deadlineNs <= peer.deadlineNs) {
        break;
      }
      place(parent, position);
      position = (position - 1) / 2;
    }
    place(peer, position);
  }

  private void siftDown(Peer peer) {
    int position = peer.heapPosition;
    while (2 * position + 1 < size) {
      int child = 2 * position + 1;
      if (child + 1 < size && heap[child + 1].deadlineNs < heap[child].deadlineNs) {
        child++;
      }
      if (heap[child].deadlineNs >= peer.deadlineNs) {
        break;
      }
      place(heap[child], position);
      position = child;
    }
    place(peer, position);
  }

  private void place(Peer peer, int position) {
    heap[position] = peer;
    peer.heapPosition = position;
  }
}
