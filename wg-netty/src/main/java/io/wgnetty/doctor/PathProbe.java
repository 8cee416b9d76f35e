package io.wgnetty.doctor;

import io.wgnetty.client.Facts;
import io.wgnetty.setup.CommandRunner;
import java.io.IOException;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Pings peers through the tunnel with packets that may not be fragmented. */
final class PathProbe {
  private static final String PING = "ping";

  /** Paths to be measured when nobody is named: each may take ten seconds. */
  private static final int MAX_PATHS = 2;

  /** What ping puts in front of its data: IPv4 20 or IPv6 40, and ICMP 8 bytes. */
  private static final int IPV4_HEADERS = 28;

  private static final int IPV6_HEADERS = 48;

  /** Data of the ping that tells whether the peer answers at all; every path takes it. */
  private static final int SMALL = 56;

  /** As near as the largest size is to be found. */
  private static final int GRAIN = 4;

  private final CommandRunner commands;

  PathProbe(CommandRunner commands) {
    this.commands = commands;
  }

  List<PathFacts> probe(String interfaceName, List<Facts> peers) throws InterruptedException {
    List<PathFacts> paths = new ArrayList<>();
    int mtu = mtu(interfaceName);
    if (mtu == 0 || !commands.has(PING)) {
      return paths;
    }
    List<Facts> live =
        peers.stream()
            .filter(peer -> peer.has("session_age_ms") && !address(peer).isEmpty())
            .sorted(
                Comparator.comparingLong(
                    (Facts peer) -> peer.number("heard_ms_ago", Long.MAX_VALUE)))
            .limit(MAX_PATHS)
            .toList();
    for (Facts peer : live) {
      paths.add(path(interfaceName, mtu, peer));
    }
    return paths;
  }

  private static int mtu(String interfaceName) {
    try {
      NetworkInterface link = NetworkInterface.getByName(interfaceName);
      return link == null ? 0 : link.getMTU();
    } catch (SocketException e) {
      return 0;
    }
  }

  /** An allowed IP that is one address; empty if there is none. */
  private static String address(Facts peer) {
    for (String prefix : peer.all("allowed_ip")) {
      if (prefix.endsWith("/32") || prefix.endsWith("/128")) {
        return prefix.substring(0, prefix.indexOf('/'));
      }
    }
    return "";
  }

  private PathFacts path(String interfaceName, int mtu, Facts peer) throws InterruptedException {
    String address = address(peer);
    int headers = address.indexOf(':') < 0 ? IPV4_HEADERS : IPV6_HEADERS;
    String shown = peer.text("label", peer.base64("public_key"));
    if (!answers(interfaceName, address, SMALL)) {
      return new PathFacts(shown, address, mtu, false, 0);
    }
    int passes = SMALL;
    int fails = mtu - headers;
    if (answers(interfaceName, address, fails)) {
      return new PathFacts(shown, address, mtu, true, mtu);
    }
    while (fails - passes > GRAIN) {
      int middle = (passes + fails) / 2;
      if (answers(interfaceName, address, middle)) {
        passes = middle;
      } else {
        fails = middle;
      }
    }
    return new PathFacts(shown, address, mtu, true, passes + headers);
  }

  private boolean answers(String interfaceName, String address, int dataBytes)
      throws InterruptedException {
    List<String> command =
        List.of(
            PING,
            "-n",
            "-q",
            "-c",
            "1",
            "-W",
            "1",
            "-M",
            "do",
            "-I",
            interfaceName,
            "-s",
            Integer.toString(dataBytes),
            address);
    try {
      return commands.run(command, "").status() == 0;
    } catch (IOException e) {
      return false;
    }
  }
}
