package io.wgnetty.doctor;

import io.wgnetty.allowedips.IpPrefix;
import java.util.List;
import java.util.Map;

/**
 * The machine, in the network namespace of the command.
 *
 * @param settings of the kernel, by their paths below /proc/sys; what is not there is missing
 * @param networks what other interfaces lead to directly
 * @param defaultLink the interface of the IPv4 default route; empty if there is none
 * @param nat whether rules translate source addresses
 * @param nowEpochSeconds the wall clock
 * @param lostBefore datagrams that found a socket's buffer full, before and after the sample
 */
record HostFacts(
    Map<String, String> settings,
    List<Network> networks,
    String defaultLink,
    Nat nat,
    long nowEpochSeconds,
    long lostBefore,
    long lostAfter) {
  HostFacts {
    settings = Map.copyOf(settings);
    networks = List.copyOf(networks);
  }

  /** A network that an interface is in. */
  record Network(String link, IpPrefix prefix) {}

  /** Translation of source addresses. */
  enum Nat {
    FOUND,
    NONE,
    /** There is no program that would tell. */
    UNKNOWN
  }

  String setting(String path) {
    return settings.getOrDefault(path, "");
  }

  boolean isOn(String path) {
    String value = setting(path);
    return !value.isEmpty() && !value.equals("0");
  }

  boolean isOff(String path) {
    return setting(path).equals("0");
  }

  /** The kernel takes the larger of both. */
  int reversePathFilter(String link) {
    return Math.max(
        number("net/ipv4/conf/all/rp_filter"), number("net/ipv4/conf/" + link + "/rp_filter"));
  }

  private int number(String path) {
    try {
      return Integer.parseInt(setting(path));
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
