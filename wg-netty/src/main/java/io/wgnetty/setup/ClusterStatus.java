package io.wgnetty.setup;

import io.wgnetty.crypto.PublicKey;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a cluster stands, as one of its nodes sees it.
 *
 * @param node what this node is called
 * @param nodes all that are there, this one among them
 * @param here peers that have a session with this node
 * @param elsewhere peers that are at other nodes
 * @param routes that say which peers are here
 * @param waiting changes that are not written to the directory yet
 * @param counts what was done so far, by what it is; every word is there
 */
public record ClusterStatus(
    String node,
    List<Node> nodes,
    int here,
    int elsewhere,
    int routes,
    int waiting,
    Map<String, Long> counts) {
  public ClusterStatus {
    nodes = List.copyOf(nodes);
    counts = Map.copyOf(counts);
  }

  /**
   * A node.
   *
   * @param since when it came, in seconds since 1970
   * @param address where it takes datagrams that are handed on; {@code null} if it takes none, or
   *     says so without proof
   */
  public record Node(String name, long since, @Nullable String address) {}

  /**
   * Where a peer is.
   *
   * @param label what people call it; {@code null} if nobody does
   * @param since when it came there, in seconds since 1970
   */
  public record Place(PublicKey key, @Nullable String label, String node, long since) {}
}
