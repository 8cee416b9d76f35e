package io.wgnetty.netlink;

import io.wgnetty.peer.IpPrefix;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The network of the namespace in which it was opened, by netlink. For any thread. */
public final class Rtnetlink implements KernelNetwork, AutoCloseable {
  private final NetlinkSocket socket;

  private Rtnetlink(NetlinkSocket socket) {
    this.socket = socket;
  }

  public static Rtnetlink open() throws NetlinkException {
    return new Rtnetlink(NetlinkSocket.open());
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
  public List<Route> routes(boolean ipv6, int table) throws NetlinkException {
    return askUnlessMissing(Requests.routes(ipv6, table), Errno.ENOENT).stream()
        .map(answer -> Answers.route(answer, table))
        .filter(Objects::nonNull)
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

  private @Nullable RouteChoice defaultRoute(boolean ipv6) throws NetlinkException {
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
    return socket.ask(Requests.rules(ipv6)).stream()
        .map(Answers::rule)
        .filter(Objects::nonNull)
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
