package io.wgnetty.netlink;

import static io.wgnetty.netlink.OwnNamespace.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wgnetty.allowedips.IpPrefix;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("namespace")
class RtnetlinkNamespaceTest {
  private interface Body {
    void run(Rtnetlink network, int t0) throws Exception;
  }

  private void inside(Body body) throws Exception {
    OwnNamespace.run(
        () -> {
          ip("tuntap add t0 mode tun");
          ip("tuntap add t1 mode tun");
          try (Rtnetlink opened = Rtnetlink.open()) {
            body.run(opened, indexOf(opened, "t0"));
          }
        });
  }

  private static LinkAddress address(String host, int prefixLength) {
    return new LinkAddress(IpPrefix.parse(host), prefixLength);
  }

  private static int indexOf(Rtnetlink network, String name) throws NetlinkException {
    return Objects.requireNonNull(network.link(name)).index();
  }

  private static Route route(int link, String destination, int table) {
    return new Route(IpPrefix.parse(destination), link, table);
  }

  @Test
  void shouldFindLinks() throws Exception {
    inside(
        (network, t0) -> {
          assertThat(network.link("t0")).isEqualTo(new Link(t0, "t0", false, 1500));
          assertThat(network.link(t0)).isEqualTo(network.link("t0"));
          assertThat(t0).isNotEqualTo(indexOf(network, "t1"));
          assertThat(network.link("absent")).isNull();
          assertThat(network.link(9999)).isNull();
        });
  }

  @Test
  void shouldSetMtuAndUp() throws Exception {
    inside(
        (network, t0) -> {
          network.setLink(t0, 1380, true);
          assertThat(ip("link show t0")).contains("mtu 1380", ",UP");
          assertThat(network.link("t0")).isEqualTo(new Link(t0, "t0", true, 1380));
          network.setLink(t0, 1420, false);
          assertThat(ip("link show t0")).contains("mtu 1420").doesNotContain(",UP");
          assertThatThrownBy(() -> network.setLink(t0, 70_000, true))
              .isInstanceOf(NetlinkException.class)
              .hasMessageContaining("mtu greater than device maximum");
        });
  }

  @Test
  void shouldGiveAndTakeAddresses() throws Exception {
    inside(
        (network, t0) -> {
          network.addAddress(t0, address("10.0.0.1/32", 24));
          network.addAddress(t0, address("fd00::1/128", 64));
          network.addAddress(t0, address("127.0.0.9/32", 32));
          assertThat(ip("addr show t0"))
              .contains("inet 10.0.0.1/24 scope global t0", "inet6 fd00::1/64 scope global")
              .contains("inet 127.0.0.9/32 scope host t0");
          assertThat(network.addresses(t0))
              .containsExactlyInAnyOrder(
                  address("10.0.0.1/32", 24),
                  address("127.0.0.9/32", 32),
                  address("fd00::1/128", 64));
          var refused =
              catchThrowableOfType(
                  NetlinkException.class, () -> network.addAddress(t0, address("10.0.0.1/32", 24)));
          assertThat(refused.errno()).isEqualTo(Errno.EEXIST);
          assertThat(refused).hasMessageContaining("Address already assigned");
          network.removeAddress(t0, address("10.0.0.1/32", 24));
          network.removeAddress(t0, address("127.0.0.9/32", 32));
          network.removeAddress(t0, address("fd00::1/128", 64));
          assertThat(network.addresses(t0)).isEmpty();
          assertThat(network.addresses(9999)).isEmpty();
          var missing =
              catchThrowableOfType(
                  NetlinkException.class,
                  () -> network.removeAddress(t0, address("10.0.0.1/32", 24)));
          assertThat(missing.errno()).isEqualTo(Errno.EADDRNOTAVAIL);
        });
  }

  @Test
  void shouldMakeAndRemoveRoutes() throws Exception {
    inside(
        (network, t0) -> {
          network.setLink(t0, 1420, true);
          for (String destination : new String[] {"10.9.0.0/16", "fd09::/48"}) {
            for (int table : new int[] {Route.MAIN_TABLE, 123, 51820}) {
              network.addRoute(route(t0, destination, table));
              boolean ipv6 = destination.contains(":");
              assertThat(network.routes(ipv6, table)).contains(route(t0, destination, table));
              assertThatThrownBy(() -> network.addRoute(route(t0, destination, table)))
                  .isInstanceOf(NetlinkException.class)
                  .hasMessageContaining("File exists");
            }
          }
          assertThat(ip("route show table all"))
              .contains("10.9.0.0/16 dev t0 table 51820 scope link")
              .contains("10.9.0.0/16 dev t0 table 123 scope link")
              .contains("10.9.0.0/16 dev t0 scope link");
          assertThat(ip("-6 route show table 123")).contains("fd09::/48 dev t0 metric 1024");
          for (String destination : new String[] {"10.9.0.0/16", "fd09::/48"}) {
            for (int table : new int[] {Route.MAIN_TABLE, 123, 51820}) {
              network.removeRoute(route(t0, destination, table));
              assertThat(network.routes(destination.contains(":"), table))
                  .doesNotContain(route(t0, destination, table));
            }
          }
          var missing =
              catchThrowableOfType(
                  NetlinkException.class,
                  () -> network.removeRoute(route(t0, "10.9.0.0/16", Route.MAIN_TABLE)));
          assertThat(missing.errno()).isEqualTo(Errno.ESRCH);
        });
  }

  @Test
  void shouldListATableThatNobodyHasMade() throws Exception {
    inside(
        (network, t0) -> {
          assertThat(network.routes(false, 51820)).isEmpty();
          assertThat(network.routes(true, 51820)).isEmpty();
        });
  }

  @Test
  void shouldListMoreRoutesThanFitInOneAnswer() throws Exception {
    inside(
        (network, t0) -> {
          network.setLink(t0, 1420, true);
          for (int i = 0; i < 5000; i++) {
            int upper = i >> 8;
            int lower = i & 0xff;
            network.addRoute(route(t0, "10." + upper + "." + lower + ".0/24", 77));
          }
          assertThat(network.routes(false, 77)).hasSize(5000).doesNotHaveDuplicates();
        });
  }

  @Test
  void shouldTellWhereAPacketLeaves() throws Exception {
    inside(
        (network, t0) -> {
          ip("addr add 192.0.2.1/24 dev t1");
          ip("link set t1 up");
          int t1 = indexOf(network, "t1");
          network.setLink(t0, 1420, true);
          assertThat(network.defaultRoute()).isNull();
          assertThat(network.routeTo(IpPrefix.parse("198.51.100.7/32"), 0)).isNull();
          assertThat(network.routeTo(IpPrefix.parse("2001:db8::7/128"), 0)).isNull();
          ip("route add default via 192.0.2.254 metric 50");
          ip("route add default dev t0 metric 100");
          assertThat(network.defaultRoute()).isEqualTo(new RouteChoice(t1, 0));
          ip("route add 198.51.100.0/24 dev t0 mtu 1333");
          assertThat(network.routeTo(IpPrefix.parse("198.51.100.7/32"), 0))
              .isEqualTo(new RouteChoice(t0, 1333));
          assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 0))
              .isEqualTo(new RouteChoice(t1, 0));
          network.addRoute(route(t0, "0.0.0.0/0", 51820));
          network.addRule(PolicyRule.unlessMarked(false, 51820, 51820));
          assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 0))
              .isEqualTo(new RouteChoice(t0, 0));
          assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 51820))
              .isEqualTo(new RouteChoice(t1, 0));
        });
  }

  @Test
  void shouldTakeTheFirstOfSeveralWays() throws Exception {
    inside(
        (network, t0) -> {
          ip("addr add 192.0.2.1/24 dev t1");
          ip("link set t1 up");
          ip("link set t0 up");
          ip("route add default nexthop dev t1 nexthop dev t0");
          assertThat(network.defaultRoute()).isEqualTo(new RouteChoice(indexOf(network, "t1"), 0));
        });
  }

  @Test
  void shouldMakeAndRemoveRules() throws Exception {
    inside(
        (network, t0) -> {
          for (boolean ipv6 : new boolean[] {false, true}) {
            network.addRule(PolicyRule.unlessMarked(ipv6, 51820, 51820));
            network.addRule(PolicyRule.mainWithoutDefault(ipv6));
            assertThat(ip((ipv6 ? "-6" : "-4") + " rule show"))
                .contains("32765:\tnot from all fwmark 0xca6c lookup 51820")
                .contains("32764:\tfrom all lookup main suppress_prefixlength 0");
            PolicyRule unlessMarked =
                PolicyRule.unlessMarked(ipv6, 51820, 51820).withPriority(32765);
            PolicyRule main = PolicyRule.mainWithoutDefault(ipv6).withPriority(32764);
            assertThat(network.rules(ipv6)).containsSequence(main, unlessMarked);
            network.removeRule(unlessMarked);
            assertThat(network.rules(ipv6)).contains(main).doesNotContain(unlessMarked);
            network.removeRule(main);
            assertThat(network.rules(ipv6)).doesNotContain(main);
          }
        });
  }

  @Test
  void shouldTellRoutesByWhoMadeThem() throws Exception {
    inside(
        (network, t0) -> {
          network.setLink(t0, 1400, true);
          network.addRoute(route(t0, "10.9.0.0/24", 300), 119);
          network.addRoute(route(t0, "fd09::/64", 300), 119);
          network.addRoute(route(t0, "10.9.1.0/24", 300));
          assertThat(network.routes(false, 300, t0, 119))
              .containsExactly(route(t0, "10.9.0.0/24", 300));
          assertThat(network.routes(true, 300, t0, 119))
              .containsExactly(route(t0, "fd09::/64", 300));
          assertThat(ip("route show table 300")).contains("10.9.0.0/24 dev t0 proto 119");
          assertThatThrownBy(() -> network.removeRoute(route(t0, "10.9.1.0/24", 300), 119))
              .isInstanceOf(NetlinkException.class);
          network.removeRoute(route(t0, "10.9.0.0/24", 300), 119);
          network.removeRoute(route(t0, "fd09::/64", 300), 119);
          assertThat(network.routes(false, 300, t0)).hasSize(1);
          assertThat(network.routes(true, 300, t0, 119)).isEmpty();
        });
  }
}
