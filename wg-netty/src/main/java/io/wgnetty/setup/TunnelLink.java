package io.wgnetty.setup;

import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.Rtnetlink;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Makes a TUN interface behave as one of the kernel's WireGuard does from its beginning: no ICMP
 * redirects to peers whose packets go on to other peers, and no link-local addresses of the
 * kernel's making, whose solicitations would be for no peer.
 */
public final class TunnelLink {
  private static final Logger LOG = LoggerFactory.getLogger(TunnelLink.class);

  /**
   * An interface sends redirects if this one or its own says so. Like the kernel's WireGuard we
   * leave it at 0: other tunnels may count on it when this one ends.
   */
  private static final String ALL_SEND = "net/ipv4/conf/all/send_redirects";

  private static final String FORWARDS = "net/ipv4/ip_forward";

  private final String name;
  private final KernelNetwork network;
  private final KernelSettings settings;

  TunnelLink(String name, KernelNetwork network, KernelSettings settings) {
    this.name = name;
    this.network = network;
    this.settings = settings;
  }

  /** Does so for an interface that was just made; what is not allowed is logged. */
  public static void prepare(String name) {
    try (Rtnetlink network = Rtnetlink.open()) {
      new TunnelLink(name, network, new ProcSettings()).prepare();
    } catch (NetlinkException e) {
      LOG.info("interface {}: redirects and link-local addresses stay: {}", name, e.getMessage());
    }
  }

  void prepare() throws NetlinkException {
    Link link = network.link(name);
    if (link == null) {
      return; // it was handed to us out of another namespace
    }
    attempt("redirects", () -> network.disableRedirects(link.index()));
    disableRedirectsOfAll();
    attempt("link-local addresses", () -> network.disableLinkLocalAddresses(link.index()));
  }

  private void disableRedirectsOfAll() {
    try {
      if (!settings.read(ALL_SEND).equals("0")) {
        settings.write(ALL_SEND, "0");
      }
    } catch (IOException e) {
      if (forwards()) {
        LOG.warn(
            "interface {}: net.ipv4.conf.all.send_redirects cannot be set to 0 ({}): peers that"
                + " speak to each other through this host may be sent ICMP redirects",
            name,
            e.getMessage());
      }
    }
  }

  private boolean forwards() {
    try {
      return settings.read(FORWARDS).equals("1");
    } catch (IOException e) {
      return false;
    }
  }

  private void attempt(String what, KilledRun.Call call) {
    try {
      call.make();
    } catch (NetlinkException e) {
      LOG.debug("interface {}: {} stay: {}", name, what, e.getMessage());
    }
  }
}
