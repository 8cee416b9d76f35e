package io.wgnetty.setup;

import static io.wgnetty.netlink.OwnNamespace.exec;
import static io.wgnetty.netlink.OwnNamespace.ip;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wgnetty.config.RouteTable;
import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceOptions;
import io.wgnetty.netlink.OwnNamespace;
import io.wgnetty.tun.TunDevice;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Map;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Setting up a real node in a namespace of its own. */
@Tag("namespace")
class InterfaceSetupNamespaceTest {
  private static final int PORT = 45871;

  /** What happens in a namespace with a node that is not set up yet. */
  private interface Body {
    void run(Device device, SetupTools tools) throws Exception;
  }

  private static void inside(Body body) throws Exception {
    OwnNamespace.run(
        () -> {
          Surroundings.make();
          TunDevice tun = TunDevice.open("wg0");
          tun.setMtu(1420);
          try (Device device = Device.open(DeviceOptions.of(tun).withLoops(2))) {
            body.run(device, SetupTools.ofThisSystem());
          }
        });
  }

  private static ConfigurationBuilder full() {
    return new ConfigurationBuilder()
        .address("10.7.0.1/24", "fd07::1/64")
        .port(PORT)
        .peer(1, 0, "192.0.2.9:1234", 0, "0.0.0.0/0", "::/0", "10.99.0.0/16");
  }

  private static ConfiguredInterface up(
      Device device, SetupTools tools, ConfigurationBuilder configuration) throws SetupException {
    return InterfaceSetup.up(device, "wg0", configuration.build(), tools, c -> {});
  }

  private static void expectFailure(
      Device device, SetupTools tools, ConfigurationBuilder configuration, String message)
      throws Exception {
    String before = Surroundings.state("wg0");
    var failure =
        catchThrowableOfType(SetupException.class, () -> up(device, tools, configuration));
    assertThat(failure).isNotNull().hasMessageContaining(message);
    assertThat(failure.getSuppressed()).isEmpty();
    assertThat(Surroundings.state("wg0")).isEqualTo(before);
    assertThat(device.peerKeys()).isEmpty();
  }

  @Test
  void shouldLeaveNothingBehindWhenAnAddressIsThereTwice() throws Exception {
    inside(
        (device, tools) ->
            expectFailure(
                device,
                tools,
                full().address("10.7.0.1/24"),
                "Address 10.7.0.1/24: ipv4: Address already assigned"));
  }

  @Test
  void shouldLeaveNothingBehindWhenARouteExists() throws Exception {
    inside(
        (device, tools) -> {
          ip("route add 10.99.0.0/16 dev e0");
          expectFailure(device, tools, full(), "route 10.99.0.0/16: there is such a route already");
        });
  }

  @Test
  void shouldLeaveNothingBehindWhenPostUpFails() throws Exception {
    inside(
        (device, tools) ->
            expectFailure(
                device,
                tools,
                full().hooks("", "exit 7", "", ""),
                "PostUp `exit 7': ended with status 7"));
  }

  @Test
  void shouldLeaveNothingBehindWhenThePortIsTaken() throws Exception {
    inside(
        (device, tools) -> {
          try (var taker = new DatagramSocket(PORT, InetAddress.getByName("0.0.0.0"))) {
            assertThat(taker.isBound()).isTrue();
            expectFailure(device, tools, full(), "ListenPort " + PORT + ": ");
          }
        });
  }

  @Test
  void shouldLeaveNothingBehindWithoutResolvconf() throws Exception {
    inside(
        (device, tools) -> {
          var without =
              new SetupTools(
                  tools.network(),
                  tools.filterTables(),
                  new SystemCommands(Map.of("PATH", "/nowhere")),
                  tools.names(),
                  tools.kernelSettings(),
                  Map.of());
          expectFailure(device, without, full().dns("10.7.0.53"), "no resolvconf in PATH");
        });
  }

  @Test
  void shouldLeaveNothingBehindWhenTheMtuIsTooLarge() throws Exception {
    inside(
        (device, tools) ->
            expectFailure(device, tools, full().mtu(70_000), "MTU 70000: mtu greater than"));
  }

  @Test
  void shouldBindItsPortBeforeItReturns() throws Exception {
    inside(
        (device, tools) -> {
          ConfiguredInterface running = up(device, tools, full());
          assertThat(exec("ss", "-Hlun")).contains(":" + PORT);
          assertThat(device.settings().listenPort()).isEqualTo(PORT);
          assertThat(device.settings().fwmark()).isEqualTo(51820);
          assertThat(running.down()).isEmpty();
        });
  }

  @Test
  void shouldFollowTheLinkAfterItWasSetUp() throws Exception {
    inside(
        (device, tools) -> {
          ConfiguredInterface running = up(device, tools, full());
          ip("link set wg0 down");
          Awaitility.await().until(() -> !exec("ss", "-Hlun").contains(":" + PORT));
          ip("link set wg0 up");
          Awaitility.await().until(() -> exec("ss", "-Hlun").contains(":" + PORT));
          assertThat(running.down()).isEmpty();
        });
  }

  @Test
  void shouldNotPileUpRulesOfRunsThatWereKilled() throws Exception {
    inside(
        (device, tools) -> {
          ip("rule add not fwmark 51820 table 51820");
          ip("rule add table main suppress_prefixlength 0");
          ConfiguredInterface running = up(device, tools, full());
          assertThat(ip("-4 rule").lines().filter(line -> line.contains("51820"))).hasSize(1);
          assertThat(ip("-4 rule").lines().filter(line -> line.contains("suppress"))).hasSize(1);
          assertThat(running.down()).isEmpty();
          assertThat(ip("-4 rule").lines()).hasSize(3);
        });
  }

  @Test
  void shouldLeaveNothingBehindAfterGoingDown() throws Exception {
    inside(
        (device, tools) -> {
          // The one thing that stays, as with wg-quick: others may rely on it by now.
          tools.kernelSettings().write("net/ipv4/conf/all/src_valid_mark", "1");
          String before = Surroundings.withoutInterface();
          ConfiguredInterface running = up(device, tools, full());
          assertThat(Surroundings.withoutInterface()).isNotEqualTo(before);
          assertThat(running.down()).isEmpty();
          device.close();
          assertThat(running.afterDown()).isEmpty();
          assertThat(Surroundings.withoutInterface()).isEqualTo(before);
        });
  }

  @Test
  void shouldDropOnlyItsOwnRulesWhenTwoAreUp() throws Exception {
    inside(
        (device, tools) -> {
          ConfiguredInterface first = up(device, tools, full());
          String withFirst = Surroundings.withoutInterface();
          TunDevice tun = TunDevice.open("wg1");
          try (Device other = Device.open(DeviceOptions.of(tun).withLoops(1))) {
            ConfiguredInterface second =
                InterfaceSetup.up(
                    other,
                    "wg1",
                    new ConfigurationBuilder().address("10.8.0.1/24").peer(1, "0.0.0.0/0").build(),
                    tools,
                    c -> {});
            assertThat(other.settings().fwmark()).isEqualTo(51821);
            assertThat(ip("-4 rule")).contains("fwmark 0xca6d lookup 51821");
            assertThat(second.down()).isEmpty();
          }
          assertThat(Surroundings.withoutInterface()).isEqualTo(withFirst);
          assertThat(first.down()).isEmpty();
        });
  }

  @Test
  void shouldReloadARealInterface() throws Exception {
    inside(
        (device, tools) -> {
          ConfiguredInterface running = up(device, tools, full());
          assertThat(running.reload(full().build())).hasToString("nothing differs");
          ConfigurationBuilder next =
              new ConfigurationBuilder()
                  .address("10.8.0.1/24")
                  .port(PORT + 1)
                  .mtu(1300)
                  .peer(1, 0, "192.0.2.9:1234", 0, "10.99.0.0/16", "0.0.0.0/0")
                  .peer(2, "10.66.0.0/16");
          assertThat(running.reload(next.build()))
              .hasToString(
                  "1 peer added, 1 changed; ListenPort 45872; MTU 1300; address 10.8.0.1/24 added;"
                      + " address 10.7.0.1/24 removed; address fd07::1/64 removed;"
                      + " route 10.66.0.0/16 added; IPv6 default route removed");
          assertThat(running.reload(next.build())).hasToString("nothing differs");
          assertThat(ip("addr show wg0")).contains("10.8.0.1/24").doesNotContain("10.7.0.1");
          assertThat(ip("route show table 51820")).contains("default dev wg0");
          assertThat(ip("-6 rule")).doesNotContain("51820");
          assertThat(exec("nft", "list", "ruleset"))
              .contains("ip daddr 10.8.0.1")
              .doesNotContain("10.7.0.1");
          assertThat(exec("ss", "-Hlun")).contains(":45872").doesNotContain(":" + PORT + " ");
          assertThat(running.down()).isEmpty();
        });
  }

  @Test
  void shouldPutRoutesBackThatWentWithTheLastAddress() throws Exception {
    inside(
        (device, tools) -> {
          ConfigurationBuilder before =
              new ConfigurationBuilder()
                  .address("10.7.0.1/24")
                  .peer(1, "10.99.0.0/16", "0.0.0.0/0");
          ConfigurationBuilder after =
              new ConfigurationBuilder().peer(1, "10.99.0.0/16", "0.0.0.0/0");
          ConfiguredInterface running = up(device, tools, before);
          ReloadReport report = running.reload(after.build());
          assertThat(report.failures()).isEmpty();
          assertThat(ip("route show dev wg0")).contains("10.99.0.0/16");
          assertThat(ip("route show table 51820")).contains("default dev wg0");
          assertThat(running.down()).isEmpty();
        });
  }

  @Test
  void shouldChangeOneOfAHundredThousandPeers() throws Exception {
    inside(
        (device, tools) -> {
          int count = 100_000;
          long beginNs = System.nanoTime();
          ConfiguredInterface running = up(device, tools, many(count, 0));
          System.out.println(
              "up with " + count + " peers and routes: " + millisSince(beginNs) + " ms");
          var changed = many(count, 25).build();
          beginNs = System.nanoTime();
          ReloadReport report = running.reload(changed);
          System.out.println(
              "reload, 1 of " + count + " peers changed: " + millisSince(beginNs) + " ms");
          assertThat(report).hasToString("1 peer changed");
          beginNs = System.nanoTime();
          assertThat(running.down()).isEmpty();
          System.out.println("down: " + millisSince(beginNs) + " ms");
        });
  }

  private static long millisSince(long beginNs) {
    return (System.nanoTime() - beginNs) / 1_000_000;
  }

  private static ConfigurationBuilder many(int count, int keepaliveOfOne) {
    ConfigurationBuilder many =
        new ConfigurationBuilder().address("192.168.200.1/24").table(RouteTable.numbered(77));
    for (int i = 0; i < count; i++) {
      String prefix = "10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff) + "/32";
      many.peer(i, 0, null, i == 777 ? keepaliveOfOne : 0, prefix);
    }
    return many;
  }
}
