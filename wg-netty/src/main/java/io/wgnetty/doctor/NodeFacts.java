package io.wgnetty.doctor;

import io.wgnetty.client.Facts;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A running node, asked twice.
 *
 * @param before what it said first
 * @param after what it said {@code seconds} later
 * @param peers those that both answers have, at most as many as were asked for
 * @param peersInAll how many it has
 * @param port whether a datagram to its port came to it
 */
record NodeFacts(
    Facts before,
    Facts after,
    double seconds,
    List<PeerFacts> peers,
    long peersInAll,
    PortAnswer port) {
  private static final int MANY = 2;

  NodeFacts {
    peers = List.copyOf(peers);
  }

  /** What became of a datagram from this machine to the node's port. */
  enum PortAnswer {
    /** The node counted it. */
    COUNTED,
    /** The kernel says that nobody has the port. */
    CLOSED,
    /** Nothing came of it. */
    SILENT,
    /** It was not sent: the node has no port. */
    NOT_TRIED
  }

  boolean isOurs() {
    return after.has("implementation");
  }

  /** Drops by reason since the node was started. */
  Map<String, Long> drops() {
    return after.counts("drop");
  }

  /** Drops by reason between both answers; only those that there were. */
  Map<String, Long> newDrops() {
    return newDrops(before, after);
  }

  static Map<String, Long> newDrops(Facts before, Facts after) {
    Map<String, Long> old = before.counts("drop");
    Map<String, Long> grown = new TreeMap<>();
    after
        .counts("drop")
        .forEach(
            (reason, count) -> {
              long more = count - old.getOrDefault(reason, 0L);
              if (more > 0) {
                grown.put(reason, more);
              }
            });
    return grown;
  }

  boolean isCalledByMany() {
    return peersInAll >= MANY
        && peers.stream().noneMatch(peer -> peer.after().has("endpoint") && !peer.wasHeard());
  }
}
