package io.wgnetty.netlink;

import static io.wgnetty.netlink.Constants.*;

import io.wgnetty.allowedips.IpPrefix;

/** The requests, each as {@code ip} of iproute2 sends it. */
final class Requests {
  private static final int NEW = NLM_F_ACK | NLM_F_EXCL | NLM_F_CREATE;

  /** Addresses below 127.0.0.0/8 are valid on this machine only. */
  private static final int LOOPBACK_NETWORK = 127;

  private Requests() {}

  static RequestMessage linkNamed(String name) {
    return link(RTM_GETLINK, 0, 0, 0, 0)
        .attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS)
        .attribute(IFLA_IFNAME, name);
  }

  static RequestMessage linkWith(int index) {
    return link(RTM_GETLINK, 0, index, 0, 0).attribute(IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
  }

  static RequestMessage setLink(int index, int mtu, boolean up) {
    return link(RTM_NEWLINK, NLM_F_ACK, index, up ? IFF_UP : 0, IFF_UP).attribute(IFLA_MTU, mtu);
  }

  static RequestMessage disableRedirects(int index) {
    return link(RTM_NEWLINK, NLM_F_ACK, index, 0, 0)
        .nested(
            IFLA_AF_SPEC,
            families ->
                families.nested(
                    AF_INET,
                    ipv4 ->
                        ipv4.nested(
                            IFLA_INET_CONF,
                            settings -> settings.attribute(IPV4_DEVCONF_SEND_REDIRECTS, 0))));
  }

  static RequestMessage disableLinkLocalAddresses(int index) {
    return link(RTM_NEWLINK, NLM_F_ACK, index, 0, 0)
        .nested(
            IFLA_AF_SPEC,
            families ->
                families.nested(
                    AF_INET6,
                    ipv6 ->
                        ipv6.attribute(
                            IFLA_INET6_ADDR_GEN_MODE, new byte[] {IN6_ADDR_GEN_MODE_NONE})));
  }

  private static RequestMessage link(int type, int flags, int index, int linkFlags, int change) {
    // struct ifinfomsg: family, padding, type, index, flags, which flags change
    return RequestMessage.of(type, flags).u32(0).u32(index).u32(linkFlags).u32(change);
  }

  static RequestMessage addAddress(int linkIndex, LinkAddress address) {
    return address(RTM_NEWADDR, NEW, linkIndex, address);
  }

  static RequestMessage removeAddress(int linkIndex, LinkAddress address) {
    return address(RTM_DELADDR, NLM_F_ACK, linkIndex, address);
  }

  private static RequestMessage address(int type, int flags, int linkIndex, LinkAddress address) {
    byte[] bytes = address.host().addressBytes();
    boolean loopback = bytes.length == 4 && bytes[0] == LOOPBACK_NETWORK && type == RTM_NEWADDR;
    return addressHeader(
            RequestMessage.of(type, flags),
            address.host().isIpv6(),
            address.prefixLength(),
            loopback ? RT_SCOPE_HOST : RT_SCOPE_UNIVERSE,
            linkIndex)
        .attribute(IFA_LOCAL, bytes)
        .attribute(IFA_ADDRESS, bytes);
  }

  static RequestMessage addresses(int linkIndex) {
    return addressHeader(RequestMessage.of(RTM_GETADDR, NLM_F_DUMP), 0, 0, 0, linkIndex);
  }

  private static RequestMessage addressHeader(
      RequestMessage message, boolean ipv6, int prefixLength, int scope, int linkIndex) {
    return addressHeader(message, family(ipv6), prefixLength, scope, linkIndex);
  }

  private static RequestMessage addressHeader(
      RequestMessage message, int family, int prefixLength, int scope, int linkIndex) {
    // struct ifaddrmsg: family, prefix length, flags, scope, index
    return message.u8(family).u8(prefixLength).u8(0).u8(scope).u32(linkIndex);
  }

  static RequestMessage addRoute(Route route) {
    return addRoute(route, RTPROT_BOOT);
  }

  static RequestMessage addRoute(Route route, int protocol) {
    boolean refuses = route.refusalMetric() != 0;
    boolean everywhere = refuses || route.destination().isIpv6();
    return route(
        RTM_NEWROUTE,
        NEW,
        route,
        protocol,
        everywhere ? RT_SCOPE_UNIVERSE : RT_SCOPE_LINK,
        refuses ? RTN_UNREACHABLE : RTN_UNICAST);
  }

  static RequestMessage removeRoute(Route route) {
    return removeRoute(route, 0); // of any protocol
  }

  static RequestMessage removeRoute(Route route, int protocol) {
    // Type and, with this scope, the scope may be any.
    return route(RTM_DELROUTE, NLM_F_ACK, route, protocol, RT_SCOPE_NOWHERE, 0);
  }

  private static RequestMessage route(
      int type, int flags, Route route, int protocol, int scope, int routeType) {
    IpPrefix destination = route.destination();
    boolean isShort = route.table() > RT_TABLE_UNSPEC && route.table() < 256;
    RequestMessage message =
        routeHeader(
                RequestMessage.of(type, flags),
                destination.isIpv6(),
                destination.length(),
                isShort ? route.table() : RT_TABLE_UNSPEC)
            .u8(protocol)
            .u8(scope)
            .u8(routeType)
            .u32(0)
            .attribute(RTA_DST, destination.addressBytes());
    if (!isShort) {
      message.attribute(RTA_TABLE, route.table());
    }
    return route.refusalMetric() == 0
        ? message.attribute(RTA_OIF, route.linkIndex())
        : message.attribute(RTA_PRIORITY, route.refusalMetric());
  }

  /** The first five bytes of struct rtmsg; protocol, scope, type and flags follow. */
  private static RequestMessage routeHeader(
      RequestMessage message, boolean ipv6, int prefixLength, int table) {
    // family, length of destination and of source, traffic class, table
    return message.u8(family(ipv6)).u8(prefixLength).u8(0).u8(0).u8(table);
  }

  /** Those of one interface: the kernel passes over the others, which may be very many. */
  static RequestMessage routes(boolean ipv6, int table, int linkIndex) {
    return routes(ipv6, table).attribute(RTA_OIF, linkIndex);
  }

  static RequestMessage routes(boolean ipv6, int table) {
    return routesOfType(ipv6, table, 0);
  }

  /** Those that refuse: the kernel passes over the others, as above. */
  static RequestMessage refusals(boolean ipv6, int table) {
    return routesOfType(ipv6, table, RTN_UNREACHABLE);
  }

  private static RequestMessage routesOfType(boolean ipv6, int table, int type) {
    return routeHeader(RequestMessage.of(RTM_GETROUTE, NLM_F_DUMP), ipv6, 0, RT_TABLE_UNSPEC)
        .u8(0)
        .u8(0)
        .u8(type)
        .u32(0)
        .attribute(RTA_TABLE, table);
  }

  /** The route itself by which packets to an address go, with its prefix. */
  static RequestMessage matchFor(IpPrefix address) {
    return routeHeader(
            RequestMessage.of(RTM_GETROUTE, 0), address.isIpv6(), address.length(), RT_TABLE_UNSPEC)
        .u8(0)
        .u8(0)
        .u8(0)
        .u32(RTM_F_LOOKUP_TABLE | RTM_F_FIB_MATCH)
        .attribute(RTA_DST, address.addressBytes());
  }

  static RequestMessage routeTo(IpPrefix address, int fwmark) {
    RequestMessage message =
        routeHeader(
                RequestMessage.of(RTM_GETROUTE, 0),
                address.isIpv6(),
                address.length(),
                RT_TABLE_UNSPEC)
            .u8(0)
            .u8(0)
            .u8(0)
            .u32(address.isIpv6() ? 0 : RTM_F_LOOKUP_TABLE)
            .attribute(RTA_DST, address.addressBytes());
    return fwmark == 0 ? message : message.attribute(RTA_MARK, fwmark);
  }

  static RequestMessage addRule(PolicyRule rule) {
    return rule(RTM_NEWRULE, NEW, rule);
  }

  static RequestMessage removeRule(PolicyRule rule) {
    return rule(RTM_DELRULE, NLM_F_ACK, rule);
  }

  private static RequestMessage rule(int type, int flags, PolicyRule rule) {
    boolean isShort = rule.table() < 256;
    // struct fib_rule_hdr: family, lengths of destination and source, tos, table, two reserved
    // bytes, action, flags
    RequestMessage message =
        RequestMessage.of(type, flags)
            .u8(family(rule.isIpv6()))
            .u8(0)
            .u8(0)
            .u8(0)
            .u8(isShort ? rule.table() : RT_TABLE_UNSPEC)
            .u16(0)
            .u8(FR_ACT_TO_TBL)
            .u32(rule.inverted() ? FIB_RULE_INVERT : 0);
    if (rule.priority() != 0) {
      message.attribute(FRA_PRIORITY, rule.priority());
    }
    if (rule.fwmark() != 0) {
      message.attribute(FRA_FWMARK, rule.fwmark());
    }
    if (!isShort) {
      message.attribute(FRA_TABLE, rule.table());
    }
    if (rule.suppressPrefixLength() != PolicyRule.NO_SUPPRESSION) {
      message.attribute(FRA_SUPPRESS_PREFIXLEN, rule.suppressPrefixLength());
    }
    return message;
  }

  static RequestMessage rules(boolean ipv6) {
    return RequestMessage.of(RTM_GETRULE, NLM_F_DUMP)
        .u8(family(ipv6))
        .u8(0)
        .u8(0)
        .u8(0)
        .u32(0)
        .u32(0);
  }

  private static int family(boolean ipv6) {
    return ipv6 ? AF_INET6 : AF_INET;
  }
}
