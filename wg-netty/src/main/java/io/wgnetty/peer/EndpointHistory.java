package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
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

  void save(StateWriter out) {
    out.int32(changes);
    out.int32(past.size());
    for (EndpointChange place : past) {
      place.endpoint().save(out);
      out.int64(place.epochNs());
    }
  }

  static EndpointHistory restored(StateReader in) {
    var history = new EndpointHistory();
    int changes = in.int32(0, Integer.MAX_VALUE, "a number of moves");
    int places = in.count(KEPT);
    for (int i = 0; i < places; i++) {
      history.left(new EndpointChange(Endpoint.restored(in), in.int64()));
    }
    history.changes = changes;
    return history;
  }
}
