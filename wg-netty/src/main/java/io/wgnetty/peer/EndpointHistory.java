package io.wgnetty.peer;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/** Where a peer was before: the last few places, and how many there were. For peers that roam. */
public final class EndpointHistory {
  /** Enough to tell a move from a place that changes all the time. */
  public static final int KEPT = 7;

  private final ArrayDeque<EndpointChange> past = new ArrayDeque<>(2);
  private int changes;

  /** The peer has left this place. */
  public void left(EndpointChange place) {
    changes++;
    if (past.size() == KEPT) {
      past.removeFirst();
    }
    past.addLast(place);
  }

  public int changes() {
    return changes;
  }

  /** The places, oldest first. */
  List<EndpointChange> past() {
    return new ArrayList<>(past);
  }
}
