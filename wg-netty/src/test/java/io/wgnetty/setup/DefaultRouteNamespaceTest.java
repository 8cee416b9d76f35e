package io.wgnetty.setup;

import static io.wgnetty.netlink.OwnNamespace.exec;
import static io.wgnetty.netlink.OwnNamespace.ip;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.netlink.OwnNamespace;
import io.wgnetty.netlink.Route;
import io.wgnetty.netlink.RouteChoice;
import io.wgnetty.netlink.Rtnetlink;
import io.wgnetty.peer.IpPrefix;
import io.wgnetty.tun.TunDevice;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Default routes, and what a TUN interface is made to be, with the kernel of a namespace. */
@Tag("namespace")
class DefaultRouteNamespaceTest {
  private static final int MANY = 100_000;

  /** This system as it would be without a single program. */
  private static SetupTools withoutPrograms() throws IOException {
    SetupTools tools = SetupTools.ofThisSystem();
    return new SetupTools(
        tools.network(),
        tools.filterTables(),
        new SystemCommands(Map.of("PATH", "/nowhere")),
        tools.names(),
        tools.pause(),
        tools.kernelSettings(),
        Map.of());
  }

  private static ConfigurationBuilder everywhere() {
    return new ConfigurationBuilder()
        .address("10.7.0.1/24", "fd07::1/64")
        .peer(1, 0, "192.0.2.9:1234", 0, "0.0.0.0/0", "::/0", "10.99.0.0/16", "fd99::/16");
  }

  private static ConfiguredInterface up(Device device) throws Exception {
    return InterfaceSetup.up(device, "wg0", everywhere().build(), withoutPrograms(), c -> {});
  }

  private static Device device() throws IOException {
    TunDevice tun = TunDevice.open("wg0");
    TunnelLink.prepare("wg0");
    return Device.open(DeviceOptions.of(tun).withLoops(1));
  }

  @Test
  void shouldNeedNoProgramForTheFirewall() throws Exception {
    OwnNamespace.run(
        () -> {
          Surroundings.make();
          try (Device device = device()) {
            ConfiguredInterface running = up(device);
            assertThat(exec("nft", "list", "ruleset"))
                .contains("table ip wg-quick-wg0", "table ip6 wg-quick-wg0")
                .contains("ip daddr 10.7.0.1 fib saddr type != local drop")
                .contains("meta l4proto udp meta mark 0x0000ca6c ct mark set meta mark")
                .contains("meta l4proto udp meta mark set ct mark");
            assertThat(running.down()).isEmpty();
            assertThat(exec("nft", "list", "ruleset")).isEmpty();
          }
        });
  }

  @Test
  void shouldLetNothingOutInClearWhenTheProcessIsGone() throws Exception {
    OwnNamespace.run(
        () -> {
          Surroundings.make();
          ip("-6 route add default via 2001:db8:1::fe");
          try (Rtnetlink network = Rtnetlink.open()) {
            RouteChoice clear = network.routeTo(IpPrefix.parse("203.0.113.1/32"), 0);
            assertThat(clear).isNotNull();
            try (Device killed = device()) {
              ConfiguredInterface unusedRunning = up(killed);
            }
            assertThat(network.link("wg0")).isNull();
            assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 0)).isNull();
            assertThat(network.routeTo(IpPrefix.parse("2001:db8:9::1/128"), 0)).isNull();
            // The network that it is in stays within reach, and whatever bears the mark.
            assertThat(network.routeTo(IpPrefix.parse("192.0.2.77/32"), 0)).isEqualTo(clear);
            assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 51820)).isEqualTo(clear);
            try (Device next = device()) {
              ConfiguredInterface running = up(next);
              assertThat(ip("-4 rule").lines().filter(line -> line.contains("fwmark"))).hasSize(1);
              assertThat(ip("-4 route show table 51820")).contains("default dev wg0");
              assertThat(running.down()).isEmpty();
            }
            assertThat(network.routeTo(IpPrefix.parse("203.0.113.1/32"), 0)).isEqualTo(clear);
            assertThat(network.routes(false, 51820)).isEmpty();
            assertThat(network.routes(true, 51820)).isEmpty();
          }
        });
  }

  @Test
  void shouldWorkWithIpv6SwitchedOff() throws Exception {
    OwnNamespace.run(
        () -> {
          ip("tuntap add e0 mode tun");
          ip("link set e0 up");
          ip("addr add 192.0.2.1/24 dev e0");
          ip("route add default via 192.0.2.254");
          exec("sysctl", "-w", "net.ipv6.conf.all.disable_ipv6=1");
          exec("sysctl", "-w", "net.ipv6.conf.default.disable_ipv6=1");
          try (Device device = device()) {
            ConfiguredInterface running = up(device);
            assertThat(ip("route show dev wg0")).contains("10.99.0.0/16", "10.7.0.0/24");
            assertThat(ip("route show table 51820")).contains("default dev wg0");
            assertThat(ip("-6 rule")).doesNotContain("fwmark");
            assertThat(running.reload(everywhere().build())).hasToString("nothing differs");
            assertThat(running.down()).isEmpty();
          }
        });
  }

  @Test
  void shouldBeAsQuietAsTheKernelsInterface() throws Exception {
    OwnNamespace.run(
        () -> {
          exec("sysctl", "-w", "net.ipv4.conf.all.send_redirects=1");
          try (Device unusedDevice = device()) {
            assertThat(ip("-d link show wg0")).contains("addrgenmode none");
            ip("link set wg0 up");
            assertThat(ip("addr show wg0")).doesNotContain("fe80:");
            for (String which : new String[] {"all", "wg0"}) {
              String path = "net.ipv4.conf." + which + ".send_redirects";
              assertThat(exec("sysctl", "-n", path)).isEqualTo("0\n");
            }
          }
        });
  }

  @Test
  void shouldNotListAMainTableOfAHundredThousandRoutes() throws Exception {
    OwnNamespace.run(
        () -> {
          Surroundings.make();
          ip("tuntap add t0 mode tun");
          ip("link set t0 up");
          ip("route add 10.99.0.0/16 dev t0");
          StringBuilder batch = new StringBuilder();
          for (int i = 0; i < MANY; i++) {
            batch.append(
                "route add 11.%d.%d.%d/32 dev e0\n".formatted(i >> 16, (i >> 8) & 255, i & 255));
          }
          var result =
              new SystemCommands(System.getenv())
                  .run(List.of("ip", "-batch", "-"), batch.toString());
          assertThat(result.status()).as(result.output()).isZero();
          try (Rtnetlink network = Rtnetlink.open()) {
            int t0 = Objects.requireNonNull(network.link("t0")).index();
            int e0 = Objects.requireNonNull(network.link("e0")).index();
            long beginNs = System.nanoTime();
            assertThat(network.routes(false, Route.MAIN_TABLE)).hasSizeGreaterThan(MANY);
            long wholeNs = System.nanoTime() - beginNs;
            beginNs = System.nanoTime();
            assertThat(network.routes(false, Route.MAIN_TABLE, t0))
                .containsExactly(new Route(IpPrefix.parse("10.99.0.0/16"), t0, Route.MAIN_TABLE));
            long oursNs = System.nanoTime() - beginNs;
            beginNs = System.nanoTime();
            assertThat(network.defaultRoute()).isEqualTo(new RouteChoice(e0, 0));
            long defaultNs = System.nanoTime() - beginNs;
            System.out.printf(
                "of %d routes: all %d us, one interface's %d us, the default route %d us%n",
                MANY, wholeNs / 1000, oursNs / 1000, defaultNs / 1000);
          }
        });
  }
}
