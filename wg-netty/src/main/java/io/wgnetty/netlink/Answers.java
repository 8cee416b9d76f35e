package io.wgnetty.netlink;

import static io.wgnetty.netlink.Constants.*;

import io.wgnetty.allowedips.IpPrefix;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.jspecify.annotations.Nullable;

/** What the kernel's answers say; {@code null} for what is none of the kind that was asked for. */
final class Answers {
  private static final int LINK_BYTES = 16;
  private static final int ADDRESS_BYTES = 8;
  private static final int ROUTE_BYTES = 12;
  private static final int RULE_BYTES = 12;

  private Answers() {}

  static @Nullable Link link(AnswerMessage answer) {
    if (answer.type() != RTM_NEWLINK || answer.u8(0) != 0) {
      return null;
    }
    Attributes attributes = answer.attributes(LINK_BYTES);
    return new Link(
        answer.u32(4),
        attributes.text(IFLA_IFNAME),
        (answer.u32(8) & IFF_UP) != 0,
        attributes.u32(IFLA_MTU, 0));
  }

  /** An address of that link. */
  static @Nullable LinkAddress address(AnswerMessage answer, int linkIndex) {
    if (answer.type() != RTM_NEWADDR || answer.u32(4) != linkIndex) {
      return null;
    }
    Attributes attributes = answer.attributes(ADDRESS_BYTES);
    // With a peer address, IFA_ADDRESS is the other end; an IPv6 address may have IFA_ADDRESS only.
    byte[] bytes = attributes.bytes(IFA_LOCAL);
    bytes = bytes == null ? attributes.bytes(IFA_ADDRESS) : bytes;
    if (bytes == null || !isAddress(bytes, answer.u8(1))) {
      return null;
    }
    return new LinkAddress(IpPrefix.of(bytes, Byte.SIZE * bytes.length), answer.u8(1));
  }

  /** A route of that table; only of one that refuses packets does its metric come with it. */
  static @Nullable Route route(AnswerMessage answer, int table) {
    if (answer.type() != RTM_NEWROUTE || (answer.u32(8) & RTM_F_CLONED) != 0) {
      return null;
    }
    Attributes attributes = answer.attributes(ROUTE_BYTES);
    if (attributes.u32(RTA_TABLE, answer.u8(4)) != table) {
      return null;
    }
    byte[] bytes = attributes.bytes(RTA_DST);
    bytes = bytes == null ? new byte[answer.u8(0) == AF_INET6 ? 16 : 4] : bytes;
    if (!isAddress(bytes, answer.u8(1))) {
      return null;
    }
    IpPrefix destination = IpPrefix.of(bytes, answer.u8(1));
    return answer.u8(7) == RTN_UNREACHABLE
        ? Route.unreachable(destination, table, attributes.u32(RTA_PRIORITY, 0))
        : new Route(destination, linkIndex(attributes), table);
  }

  /** Whether a route was made with this protocol's number. */
  static boolean isRouteOf(AnswerMessage answer, int protocol) {
    return answer.type() == RTM_NEWROUTE && answer.u8(5) == protocol;
  }

  static @Nullable RouteChoice choice(AnswerMessage answer) {
    if (answer.type() != RTM_NEWROUTE || answer.u8(7) != RTN_UNICAST) {
      return null;
    }
    Attributes attributes = answer.attributes(ROUTE_BYTES);
    return new RouteChoice(linkIndex(attributes), attributes.nested(RTA_METRICS).u32(RTAX_MTU, 0));
  }

  /** The smaller, the sooner it is taken. */
  static long priority(AnswerMessage answer) {
    return Integer.toUnsignedLong(answer.attributes(ROUTE_BYTES).u32(RTA_PRIORITY, 0));
  }

  private static int linkIndex(Attributes attributes) {
    byte[] hops = attributes.bytes(RTA_MULTIPATH);
    if (hops != null && hops.length >= 2 * Integer.BYTES) {
      // struct rtnexthop of the first way: length, flags, weight, index
      return ByteBuffer.wrap(hops).order(ByteOrder.nativeOrder()).getInt(Integer.BYTES);
    }
    return attributes.u32(RTA_OIF, 0);
  }

  static @Nullable PolicyRule rule(AnswerMessage answer) {
    if (answer.type() != RTM_NEWRULE) {
      return null;
    }
    Attributes attributes = answer.attributes(RULE_BYTES);
    return new PolicyRule(
        answer.u8(0) == AF_INET6,
        attributes.u32(FRA_PRIORITY, 0),
        (answer.u32(8) & FIB_RULE_INVERT) != 0,
        attributes.u32(FRA_FWMARK, 0),
        attributes.u32(FRA_TABLE, answer.u8(4)),
        attributes.u32(FRA_SUPPRESS_PREFIXLEN, PolicyRule.NO_SUPPRESSION));
  }

  private static boolean isAddress(byte[] bytes, int prefixLength) {
    return (bytes.length == 4 || bytes.length == 16) && prefixLength <= Byte.SIZE * bytes.length;
  }
}
