package io.wgnetty.doctor;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.RouteChoice;
import io.wgnetty.netlink.Rtnetlink;
import io.wgnetty.setup.CommandResult;
import io.wgnetty.setup.CommandRunner;
import io.wgnetty.setup.ProcSettings;
import java.io.IOException;
import java.net.InterfaceAddress;
import java.net.NetworkInterface;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Reads what the machine's network is like, in the namespace of this process. */
final class HostExamination {
  private static final Path SNMP = Path.of("/proc/self/net/snmp");
  private static final String LOST = "RcvbufErrors";

  private final String interfaceName;
  private final CommandRunner commands;

  HostExamination(String interfaceName, CommandRunner commands) {
    this.interfaceName = interfaceName;
    this.commands = commands;
  }

  HostFacts facts(long lostBefore) throws InterruptedException {
    String outer = defaultLink();
    return new HostFacts(
        settings(outer),
        networks(),
        outer,
        nat(),
        System.currentTimeMillis() / 1000,
        lostBefore,
        lostDatagrams());
  }

  private Map<String, String> settings(String outer) {
    List<String> wanted =
        new ArrayList<>(
            List.of(
                "net/ipv4/ip_forward",
                "net/ipv6/conf/all/forwarding",
                "net/ipv4/conf/all/src_valid_mark",
                "net/ipv4/conf/all/rp_filter",
                "net/ipv4/conf/" + interfaceName + "/rp_filter"));
    if (!outer.isEmpty()) {
      wanted.add("net/ipv4/conf/" + outer + "/rp_filter");
    }
    var kernel = new ProcSettings();
    Map<String, String> found = new HashMap<>();
    for (String path : wanted) {
      // What cannot be read is not there, as without IPv6, or without the interface.
      if (kernel.has(path)) {
        found.put(path, read(kernel, path));
      }
    }
    return found;
  }

  private static String read(ProcSettings kernel, String path) {
    try {
      return kernel.read(path);
    } catch (IOException e) {
      return "";
    }
  }

  private List<HostFacts.Network> networks() {
    List<HostFacts.Network> networks = new ArrayList<>();
    try {
      for (NetworkInterface link : Collections.list(NetworkInterface.getNetworkInterfaces())) {
        if (link.getName().equals(interfaceName) || link.isLoopback() || !link.isUp()) {
          continue;
        }
        for (InterfaceAddress address : link.getInterfaceAddresses()) {
          if (!address.getAddress().isLinkLocalAddress()) {
            byte[] bytes = address.getAddress().getAddress();
            IpPrefix prefix = IpPrefix.of(bytes, address.getNetworkPrefixLength());
            networks.add(new HostFacts.Network(link.getName(), prefix));
          }
        }
      }
    } catch (SocketException e) {
      return networks; // a machine without network: nothing to compare with
    }
    return networks;
  }

  private static String defaultLink() {
    try (Rtnetlink network = Rtnetlink.open()) {
      RouteChoice way = network.defaultRoute(false);
      Link link = way == null ? null : network.link(way.linkIndex());
      return link == null ? "" : link.name();
    } catch (NetlinkException e) {
      return "";
    }
  }

  private HostFacts.Nat nat() throws InterruptedException {
    HostFacts.Nat byNft = nat("nft", List.of("nft", "list", "ruleset"));
    return byNft == HostFacts.Nat.FOUND
        ? byNft
        : worse(byNft, nat("iptables-save", List.of("iptables-save", "-t", "nat")));
  }

  private static HostFacts.Nat worse(HostFacts.Nat one, HostFacts.Nat other) {
    return other == HostFacts.Nat.UNKNOWN ? one : other;
  }

  private HostFacts.Nat nat(String program, List<String> command) throws InterruptedException {
    if (!commands.has(program)) {
      return HostFacts.Nat.UNKNOWN;
    }
    try {
      CommandResult result = commands.run(command, "");
      if (result.status() != 0) {
        return HostFacts.Nat.UNKNOWN;
      }
      String rules = result.output().toLowerCase(Locale.ROOT);
      return rules.contains("masquerade") || rules.contains("snat")
          ? HostFacts.Nat.FOUND
          : HostFacts.Nat.NONE;
    } catch (IOException e) {
      return HostFacts.Nat.UNKNOWN;
    }
  }

  /** How many datagrams found a socket's buffer full, of this namespace. */
  long lostDatagrams() {
    try {
      return udpCounter(Files.readAllLines(SNMP), LOST);
    } catch (IOException e) {
      return 0;
    }
  }

  /** The kernel's table has a line of names and one of numbers. */
  static long udpCounter(List<String> lines, String name) {
    List<String> names = List.of();
    for (String line : lines) {
      if (!line.startsWith("Udp: ")) {
        continue;
      }
      List<String> words = List.of(line.split(" "));
      if (names.isEmpty()) {
        names = words;
      } else {
        int column = names.indexOf(name);
        return column < 0 || column >= words.size() ? 0 : Long.parseLong(words.get(column));
      }
    }
    return 0;
  }
}
