package io.wgnetty.netlink;

import io.wgnetty.allowedips.IpPrefix;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network of the namespace in which it was opened, by netlink. For any thread. */
public final class Rtnetlink implements KernelNetwork, AutoCloseable {
  /** Of 0.0.0.0/8, which no host has (RFC 1122, 3.2.1.3). */
  private static final IpPrefix NOBODY_IPV4 = IpPrefix.parse("0.0.0.1/32");

  /** Of ::/8, which is reserved (RFC 4291, 2.4). */
  private static final IpPrefix NOBODY_IPV6 = IpPrefix.parse("80::1/128");

  private final NetlinkSocket socket;

  private Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static Rtnetlink open() throws NetlinkException {
    return new Rtnetlink(NetlinkSocket.open(Libc.NETLINK_ROUTE));
  }

  @Override
  public @Nullable Link link(String name) throws NetlinkException {
    return link(Requests.linkNamed(name));
  }

  @Override
  public @Nullable Link link(int index) throws NetlinkException {
    return link(Requests.linkWith(index));
  }

  private @Nullable Link link(RequestMessage request) throws NetlinkException {
    List<AnswerMessage> answers = askUnlessMissing(request, Errno.ENODEV);
    return answers.isEmpty() ? null : Answers.link(answers.getFirst());
  }

  @Override
  public void setLink(int index, int mtu, boolean up) throws NetlinkException {
    socket.ask(Requests.setLink(index, mtu, up));
  }

  @Override
  public void disableRedirects(int linkIndex) throws NetlinkException {
    socket.ask(Requests.disableRedirects(linkIndex));
  }

  @Override
  public void disableLinkLocalAddresses(int linkIndex) throws NetlinkException {
    socket.ask(Requests.disableLinkLocalAddresses(linkIndex));
  }

  @Override
  public void addAddress(int linkIndex, LinkAddress address) throws NetlinkException {
    socket.ask(Requests.addAddress(linkIndex, address));
  }

  @Override
  public void removeAddress(int linkIndex, LinkAddress address) throws NetlinkException {
    socket.ask(Requests.removeAddress(linkIndex, address));
  }

  @Override
  public List<LinkAddress> addresses(int linkIndex) throws NetlinkException {
    // The kernel refuses to list addresses of a link that is not there.
    return askUnlessMissing(Requests.addresses(linkIndex), Errno.ENODEV).stream()
        .map(answer -> Answers.address(answer, linkIndex))
        .filter(Objects::nonNull)
        .toList();
  }

  @Override
  public void addRoute(Route route) throws NetlinkException {
    socket.ask(Requests.addRoute(route));
  }

  @Override
  public void removeRoute(Route route) throws NetlinkException {
    socket.ask(Requests.removeRoute(route));
  }

  @Override
  public void addRoute(Route route, int protocol) throws NetlinkException {
    socket.ask(Requests.addRoute(route, protocol));
  }

  @Override
  public void removeRoute(Route route, int protocol) throws NetlinkException {
    socket.ask(Requests.removeRoute(route, protocol));
  }

  @Override
  public List<Route> routes(boolean ipv6, int table, int linkIndex, int protocol)
      throws NetlinkException {
    RequestMessage request = Requests.routes(ipv6, table, linkIndex);
    return askUnlessMissing(request, Errno.ENOENT).stream()
        .filter(answer -> Answers.isRouteOf(answer, protocol))
        .map(answer -> Answers.route(answer, table))
        .filter(Objects::nonNull)
        .filter(route -> route.linkIndex() == linkIndex)
        .filter(route -> route.destination().isIpv6() == ipv6)
        .toList();
  }

  @Override
  public List<Route> routes(boolean ipv6, int table) throws NetlinkException {
    return routes(Requests.routes(ipv6, table), ipv6, table);
  }

  @Override
  public List<Route> routes(boolean ipv6, int table, int linkIndex) throws NetlinkException {
    // A kernel that does not know the question's last word answers with all of them.
    return routes(Requests.routes(ipv6, table, linkIndex), ipv6, table).stream()
        .filter(route -> route.linkIndex() == linkIndex)
        .toList();
  }

  @Override
  public List<Route> refusals(boolean ipv6, int table) throws NetlinkException {
    return routes(Requests.refusals(ipv6, table), ipv6, table).stream()
        .filter(route -> route.refusalMetric() != 0)
        .toList();
  }

  private List<Route> routes(RequestMessage request, boolean ipv6, int table)
      throws NetlinkException {
    // Without IPv6 in the kernel, it answers with the other family's.
    return askUnlessMissing(request, Errno.ENOENT).stream()
        .map(answer -> Answers.route(answer, table))
        .filter(Objects::nonNull)
        .filter(route -> route.destination().isIpv6() == ipv6)
        .toList();
  }

  @Override
  public @Nullable RouteChoice routeTo(IpPrefix address, int fwmark) throws NetlinkException {
    List<AnswerMessage> answers;
    try {
      answers = socket.ask(Requests.routeTo(address, fwmark));
    } catch (NetlinkException e) {
      if (e.errno() == 0 || e.errno() == Errno.EPERM) {
        throw e;
      }
      return null; // unreachable, prohibited, no such family: no packet leaves
    }
    return answers.isEmpty() ? null : Answers.choice(answers.getFirst());
  }

  @Override
  public @Nullable RouteChoice defaultRoute() throws NetlinkException {
    RouteChoice ipv4 = defaultRoute(false);
    return ipv4 == null ? defaultRoute(true) : ipv4;
  }

  @Override
  public @Nullable RouteChoice defaultRoute(boolean ipv6) throws NetlinkException {
    RouteChoice asked = askedDefaultRoute(ipv6);
    return asked == null ? listedDefaultRoute(ipv6) : asked;
  }

  /**
   * The default route as that by which an address goes that nobody has; {@code null} if the answer
   * is another route. So the main table, which may have a million routes, need not be listed.
   */
  private @Nullable RouteChoice askedDefaultRoute(boolean ipv6) throws NetlinkException {
    try {
      List<AnswerMessage> answers = socket.ask(Requests.matchFor(ipv6 ? NOBODY_IPV6 : NOBODY_IPV4));
      AnswerMessage answer = answers.isEmpty() ? null : answers.getFirst();
      return answer != null && isDefault(answer) ? Answers.choice(answer) : null;
    } catch (NetlinkException e) {
      if (e.errno() == 0 || e.errno() == Errno.EPERM) {
        throw e;
      }
      return null; // unreachable, or a kernel that does not know the question
    }
  }

  private @Nullable RouteChoice listedDefaultRoute(boolean ipv6) throws NetlinkException {
    Optional<AnswerMessage> best =
        askUnlessMissing(Requests.routes(ipv6, Route.MAIN_TABLE), Errno.ENOENT).stream()
            .filter(answer -> isDefault(answer) && Answers.choice(answer) != null)
            .min(Comparator.comparingLong(Answers::priority));
    return best.isPresent() ? Answers.choice(best.get()) : null;
  }

  private static boolean isDefault(AnswerMessage answer) {
    Route route = Answers.route(answer, Route.MAIN_TABLE);
    return route != null && route.destination().length() == 0;
  }

  @Override
  public void addRule(PolicyRule rule) throws NetlinkException {
    socket.ask(Requests.addRule(rule));
  }

  @Override
  public void removeRule(PolicyRule rule) throws NetlinkException {
    socket.ask(Requests.removeRule(rule));
  }

  @Override
  public List<PolicyRule> rules(boolean ipv6) throws NetlinkException {
    return askUnlessMissing(Requests.rules(ipv6), Errno.EAFNOSUPPORT).stream()
        .map(Answers::rule)
        .filter(Objects::nonNull)
        .filter(rule -> rule.isIpv6() == ipv6)
        .toList();
  }

  private List<AnswerMessage> askUnlessMissing(RequestMessage request, int missing)
      throws NetlinkException {
    try {
      return socket.ask(request);
    } catch (NetlinkException e) {
      if (e.errno() == missing) {
        return List.of();
      }
      throw e;
    }
  }

  @Override
  public void close() {
    socket.close();
  }
}
