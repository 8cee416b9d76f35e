package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.RouteChoice;
import io.wgnetty.protocol.Endpoint;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Finds the MTU for the interface, and sets it. */
final class LinkMtu {
  private static final String STEP = "MTU";
  private static final int DEFAULT_PATH_MTU = 1500;

  /** The outer headers at their largest: IPv6 40, UDP 8, WireGuard 32. */
  private static final int OVERHEAD = 80;

  private final KernelNetwork network;
  private final int linkIndex;
  private final Map<Integer, Integer> mtuByLink = new HashMap<>();

  LinkMtu(KernelNetwork network, int linkIndex) {
    this.network = network;
    this.linkIndex = linkIndex;
  }

  /**
   * What fits the narrowest way to an endpoint; without endpoints, the default route.
   *
   * @param fwmark the mark of our datagrams, which may go by routes of their own
   */
  int find(Collection<Endpoint> endpoints, int fwmark) throws SetupException {
    mtuByLink.clear();
    Set<IpPrefix> addresses = new LinkedHashSet<>();
    for (Endpoint endpoint : endpoints) {
      byte[] bytes = endpoint.addressBytes();
      addresses.add(IpPrefix.of(bytes, Byte.SIZE * bytes.length));
    }
    try {
      int smallest = 0;
      for (IpPrefix address : addresses) {
        int mtu = mtuOf(network.routeTo(address, fwmark));
        smallest = mtu == 0 ? smallest : smallest == 0 ? mtu : Math.min(smallest, mtu);
      }
      smallest = smallest == 0 ? mtuOf(network.defaultRoute()) : smallest;
      return (smallest == 0 ? DEFAULT_PATH_MTU : smallest) - OVERHEAD;
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
  }

  /** 0 if it leads nowhere, or back into our own interface. */
  private int mtuOf(@Nullable RouteChoice choice) throws NetlinkException {
    if (choice == null || choice.linkIndex() == linkIndex || choice.linkIndex() == 0) {
      return 0;
    }
    if (choice.mtu() != 0) {
      return choice.mtu();
    }
    Integer known = mtuByLink.get(choice.linkIndex());
    if (known != null) {
      return known;
    }
    Link link = network.link(choice.linkIndex());
    int mtu = link == null ? 0 : link.mtu();
    mtuByLink.put(choice.linkIndex(), mtu);
    return mtu;
  }

  /** What it is now. */
  int present() throws SetupException {
    try {
      Link link = network.link(linkIndex);
      if (link == null) {
        throw new SetupException(STEP, "", "the interface is gone");
      }
      return link.mtu();
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
  }

  void set(int mtu, boolean up) throws SetupException {
    try {
      network.setLink(linkIndex, mtu, up);
    } catch (NetlinkException e) {
      throw new SetupException(STEP, Integer.toString(mtu), e);
    }
  }
}
