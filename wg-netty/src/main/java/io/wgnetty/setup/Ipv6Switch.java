package io.wgnetty.setup;

import io.wgnetty.config.InterfaceAddress;
import java.io.IOException;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the interface can have IPv6 at all. Where it is switched off, as in many containers, what
 * a file says of IPv6 is left out, and the rest works.
 */
final class Ipv6Switch {
  private static final Logger LOG = LoggerFactory.getLogger(Ipv6Switch.class);

  private final String interfaceName;
  private final KernelSettings settings;
  private boolean told;

  Ipv6Switch(String interfaceName, KernelSettings settings) {
    this.interfaceName = interfaceName;
    this.settings = settings;
  }

  private boolean isOn() {
    try {
      return !settings.read("net/ipv6/conf/" + interfaceName + "/disable_ipv6").equals("1");
    } catch (IOException e) {
      // The interface's folder is not there with an MTU below 1280, either; that may still change.
      return settings.has("net/ipv6");
    }
  }

  /** Those of the addresses that the interface can have. */
  List<InterfaceAddress> possible(List<InterfaceAddress> addresses) {
    List<InterfaceAddress> ipv4 =
        addresses.stream().filter(address -> !address.host().isIpv6()).toList();
    return ipv4.size() == addresses.size() || isOn() ? addresses : tell(ipv4);
  }

  /** The part of a plan that is possible. */
  RoutePlan possible(RoutePlan plan) {
    return !plan.hasIpv6() || isOn() ? plan : tell(plan.withoutIpv6());
  }

  /** Said once, not with each reload. */
  private <T> T tell(T rest) {
    if (!told) {
      told = true;
      LOG.warn(
          "interface {}: IPv6 is switched off on this system: its IPv6 addresses and routes are"
              + " left out",
          interfaceName);
    }
    return rest;
  }
}
