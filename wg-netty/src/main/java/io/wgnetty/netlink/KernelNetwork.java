package io.wgnetty.netlink;

import io.wgnetty.allowedips.IpPrefix;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The kernel's links, addresses, routes and rules: what is needed to set up an interface. */
public interface KernelNetwork {
  /** The link of that name, {@code null} if there is none. */
  @Nullable Link link(String name) throws NetlinkException;

  /** The link with that index, {@code null} if there is none. */
  @Nullable Link link(int index) throws NetlinkException;

  /** Sets the MTU and whether the link is up, in one step. */
  void setLink(int index, int mtu, boolean up) throws NetlinkException;

  /** Has the kernel send no ICMP redirects because of what leaves where it came in. */
  void disableRedirects(int linkIndex) throws NetlinkException;

  /** Has the kernel give a link no IPv6 address of its own making. */
  void disableLinkLocalAddresses(int linkIndex) throws NetlinkException;

  /** Gives a link an address. */
  void addAddress(int linkIndex, LinkAddress address) throws NetlinkException;

  /** Takes an address from a link. */
  void removeAddress(int linkIndex, LinkAddress address) throws NetlinkException;

  /** All addresses of a link, also those that the kernel made. */
  List<LinkAddress> addresses(int linkIndex) throws NetlinkException;

  /** Makes a route; it is an error if there is one already. */
  void addRoute(Route route) throws NetlinkException;

  void removeRoute(Route route) throws NetlinkException;

  /**
   * Makes a route by which others may know who made it; it is an error if there is one already.
   *
   * @param protocol the number of its maker, 1 to 255
   */
  void addRoute(Route route, int protocol) throws NetlinkException;

  /** Removes a route if it was made with this number. */
  void removeRoute(Route route, int protocol) throws NetlinkException;

  /** The routes of one table in one family out of one interface that were made with this number. */
  List<Route> routes(boolean ipv6, int table, int linkIndex, int protocol) throws NetlinkException;

  /** The routes of one table in one family, also those that the kernel made. */
  List<Route> routes(boolean ipv6, int table) throws NetlinkException;

  /** Those of a table that refuse. */
  List<Route> refusals(boolean ipv6, int table) throws NetlinkException;

  /** Those of them that lead out of one interface; the others are not looked at. */
  List<Route> routes(boolean ipv6, int table, int linkIndex) throws NetlinkException;

  /**
   * Where packets to an address leave.
   *
   * @param address all 32 or 128 bits of it
   * @param fwmark the mark of the packets, 0 for none
   * @return {@code null} if they do not leave
   */
  @Nullable RouteChoice routeTo(IpPrefix address, int fwmark) throws NetlinkException;

  /** Where packets leave that no other route of the main table is for. */
  @Nullable RouteChoice defaultRoute() throws NetlinkException;

  /** The same of one family. */
  @Nullable RouteChoice defaultRoute(boolean ipv6) throws NetlinkException;

  /** Makes a rule, in front of all others but the first. */
  void addRule(PolicyRule rule) throws NetlinkException;

  void removeRule(PolicyRule rule) throws NetlinkException;

  /** The rules of a family in the order in which they are asked. */
  List<PolicyRule> rules(boolean ipv6) throws NetlinkException;
}
