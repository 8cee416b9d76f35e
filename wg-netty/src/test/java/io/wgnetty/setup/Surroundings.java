package io.wgnetty.setup;

import static io.wgnetty.netlink.OwnNamespace.exec;
import static io.wgnetty.netlink.OwnNamespace.ip;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

/** What a namespace has beside the interface under test, and how all of it looks. */
final class Surroundings {
  private Surroundings() {}

  /** An interface {@code e0} that leads to the default route, MTU 1480. */
  static void make() {
    ip("tuntap add e0 mode tun");
    ip("addr add 192.0.2.1/24 dev e0");
    ip("addr add 2001:db8:1::1/64 dev e0");
    ip("link set e0 up mtu 1480");
    ip("route add default via 192.0.2.254");
  }

  /** Everything that setting up an interface may change. */
  static String state(String name) throws IOException {
    return withoutRandom(ip("addr show dev " + name) + withoutInterface());
  }

  /** Rules, routes, firewall and kernel settings. */
  static String withoutInterface() throws IOException {
    return withoutRandom(
        ip("-4 rule")
            + ip("-6 rule")
            + ip("-4 route show table all")
            + ip("-6 route show table all")
            + exec("nft", "list", "ruleset")
            + Files.readString(Path.of("/proc/sys/net/ipv4/conf/all/src_valid_mark")));
  }

  /** The kernel's own link-local addresses are another one each time, and come a moment later. */
  private static String withoutRandom(String text) {
    return Arrays.stream(text.split("\n", -1))
        .filter(line -> !line.contains("fe80:") && !line.contains("ff00::/8"))
        .filter(line -> !line.contains("valid_lft"))
        // The kernel gives a link its queue when it is up for the first time.
        .map(line -> line.replaceFirst("^[0-9]+: (?=[a-z])", "").replaceFirst(" qdisc [a-z_]+", ""))
        .collect(Collectors.joining("\n"));
  }
}
