package io.wgnetty.setup;

import io.wgnetty.config.InterfaceComment;
import io.wgnetty.netlink.Route;
import io.wgnetty.peer.ShardPlace;
import java.nio.file.Path;
import java.util.Map;
import java.util.function.Function;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a node is among those that share its private key and its directory of peers.
 *
 * @param node its name; {@code null} if it is alone
 * @param number its number, 0 to 63, which its receiver indices have; {@code null} if they have
 *     none
 * @param address {@code ADDRESS:PORT} at which other nodes hand datagrams on to it; {@code null} if
 *     they do not
 * @param keyFile holds the secret that the nodes have in common; there if the address is
 * @param announce the table for routes to peers that are here; {@code null} for none
 */
public record ClusterOptions(
    @Nullable String node,
    @Nullable Integer number,
    @Nullable String address,
    @Nullable Path keyFile,
    @Nullable Integer announce) {
  /** A node that is alone. */
  public static final ClusterOptions NONE = new ClusterOptions(null, null, null, null, null);

  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9_.-]{0,62}");

  /**
   * Checks each by itself.
   *
   * @throws IllegalArgumentException if something cannot be; the message says what may be
   */
  public ClusterOptions {
    if (node != null && !NAME.matcher(node).matches()) {
      throw new IllegalArgumentException(
          "a node's name has up to 63 letters, digits, dots, - and _, not " + node);
    }
    if (number != null && (number < 0 || number > ShardPlace.MAX_NODE)) {
      throw new IllegalArgumentException(
          "a node's number is 0 to " + ShardPlace.MAX_NODE + ", not " + number);
    }
  }

  /** A node that tells others where its peers are, and nothing more. */
  public static ClusterOptions named(String node) {
    return new ClusterOptions(node, null, null, null, null);
  }

  /**
   * The number of a table of routes, or {@code main}.
   *
   * @throws IllegalArgumentException if it is neither
   */
  public static int table(String text) {
    if (text.equalsIgnoreCase("main")) {
      return Route.MAIN_TABLE;
    }
    int number = number(text);
    if (number > 0) {
      return number;
    }
    throw new IllegalArgumentException("a table of routes is main or a number, not " + text);
  }

  /** -1 if it is none. */
  private static int number(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return -1;
    }
  }

  /** Whether there are other nodes. */
  public boolean isCluster() {
    return node != null;
  }

  /**
   * The same, and what the comments of a file say where nothing was given.
   *
   * @throws IllegalArgumentException if something cannot be, or does not go together
   */
  public ClusterOptions or(Map<String, String> comments) {
    return new ClusterOptions(
            first(node, comments.get(InterfaceComment.NODE), text -> text),
            first(number, comments.get(InterfaceComment.NODE_NUMBER), ClusterOptions::number),
            first(address, comments.get(InterfaceComment.NODE_ADDRESS), text -> text),
            first(keyFile, comments.get(InterfaceComment.CLUSTER_KEY_FILE), Path::of),
            first(announce, comments.get(InterfaceComment.ANNOUNCE), ClusterOptions::table))
        .checked();
  }

  private static <T> @Nullable T first(
      @Nullable T given, @Nullable String said, Function<String, T> reading) {
    return given != null || said == null ? given : reading.apply(said);
  }

  private ClusterOptions checked() {
    boolean more = number != null || address != null || keyFile != null || announce != null;
    if (node == null && more) {
      throw new IllegalArgumentException("a node of a cluster needs a name: --node");
    }
    boolean all = number != null && address != null && keyFile != null;
    if (!all && (address != null || keyFile != null)) {
      throw new IllegalArgumentException(
          "--node-address and --cluster-key-file go together, and need --node-number");
    }
    return this;
  }
}
