package io.wgnetty.peers.cluster;

import io.wgnetty.relay.RelayKeys;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The nodes that there are, and to which of them datagrams are handed on: those alone that prove to
 * know the cluster's secret, and whose number is nobody else's.
 */
final class NodeList {
  private final String self;
  private final @Nullable RelayKeys keys;
  private final Map<String, NodeEntry> nodes = new TreeMap<>();

  /** {@code keys} are there if this node hands datagrams on. */
  NodeList(String self, @Nullable RelayKeys keys) {
    this.self = self;
    this.keys = keys;
  }

  Map<String, NodeEntry> nodes() {
    return nodes;
  }

  /** Whether the node has proved what it says of itself. */
  boolean isProved(NodeEntry node) {
    NodeEntry.Relay relay = node.relay();
    if (relay == null || keys == null) {
      return false;
    }
    try {
      return keys.isSigned(
          NodeEntry.Relay.claim(node.name(), relay.number(), relay.address()),
          HexFormat.of().parseHex(relay.proof()));
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Where datagrams are handed on to, by the nodes' numbers.
   *
   * @param problems hears of nodes that get none
   */
  Map<Integer, InetSocketAddress> ways(Consumer<String> problems) {
    Map<Integer, InetSocketAddress> ways = new HashMap<>();
    Map<Integer, String> owners = new HashMap<>();
    for (NodeEntry node : nodes.values()) {
      NodeEntry.Relay relay = node.relay();
      if (relay == null) {
        continue;
      }
      if (!isProved(node)) {
        if (!node.name().equals(self)) {
          problems.accept("node " + node.name() + " does not prove to be one of this cluster");
        }
        continue;
      }
      String other = owners.put(relay.number(), node.name());
      if (other != null) {
        problems.accept(
            "nodes " + other + " and " + node.name() + " have the same number " + relay.number());
        ways.remove(relay.number());
      } else if (!node.name().equals(self)) {
        InetSocketAddress address = address(relay.address());
        if (address == null) {
          problems.accept("node " + node.name() + " has no address that can be used");
        } else {
          ways.put(relay.number(), address);
        }
      }
    }
    return ways;
  }

  /**
   * {@code ADDRESS:PORT} or {@code [IPV6]:PORT}; {@code null} if it is neither. No name is looked
   * up.
   */
  static @Nullable InetSocketAddress address(String text) {
    int colon = text.lastIndexOf(':');
    String host = text.substring(0, Math.max(colon, 0));
    if (host.startsWith("[") && host.endsWith("]")) {
      host = host.substring(1, host.length() - 1);
    } else if (host.contains(":")) {
      return null;
    }
    try {
      int port = Integer.parseInt(text.substring(colon + 1));
      boolean isNumeric = !host.isEmpty() && host.matches("[0-9.]+|[0-9A-Fa-f:.]*:[0-9A-Fa-f:.]*");
      return isNumeric && port > 0 && port <= 0xffff
          ? new InetSocketAddress(java.net.InetAddress.ofLiteral(host), port)
          : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
