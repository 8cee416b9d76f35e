package io.wgnetty.setup;

import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.RouteChoice;
import java.io.IOException;

/**
 * Whether the kernel drops packets that come in by another interface than the way back. With a
 * default route through the tunnel those are the peer's answers, unless they bear our mark.
 */
final class ReversePathFilter {
  private static final int STRICT = 1;

  private final KernelNetwork network;
  private final KernelSettings settings;

  ReversePathFilter(KernelNetwork network, KernelSettings settings) {
    this.network = network;
    this.settings = settings;
  }

  /** The interface of the default route if it filters so; empty if it does not. */
  String strictLink() throws SetupException {
    try {
      RouteChoice way = network.defaultRoute();
      Link link = way == null ? null : network.link(way.linkIndex());
      if (link == null) {
        return "";
      }
      // The kernel takes the larger of both.
      return Math.max(setting("all"), setting(link.name())) == STRICT ? link.name() : "";
    } catch (NetlinkException e) {
      throw new SetupException("rp_filter", "", e);
    }
  }

  private int setting(String link) {
    try {
      return Integer.parseInt(settings.read("net/ipv4/conf/" + link + "/rp_filter"));
    } catch (IOException | NumberFormatException e) {
      return 0; // no such interface, or a namespace without /proc
    }
  }
}
