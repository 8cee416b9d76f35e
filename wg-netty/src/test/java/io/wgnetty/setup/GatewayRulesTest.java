package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.RouteChoice;
import io.wgnetty.nftables.FilterChain;
import io.wgnetty.nftables.FilterFamily;
import io.wgnetty.nftables.FilterTable;
import io.wgnetty.observe.WarningTap;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class GatewayRulesTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder file() {
    return new ConfigurationBuilder().address("10.0.0.1/24", "fd00::1/64").peer(1, "10.0.0.2/32");
  }

  private List<String> chains(String table) {
    FilterTable found = world.tables.get(table);
    return found == null ? List.of() : found.chains().stream().map(FilterChain::name).toList();
  }

  @Test
  void shouldMakeItsTablesBeforeTheInterfaceIsUpAndRemoveThemWhenItIsGone() throws Exception {
    ConfiguredInterface running = world.up(file().masquerade("eth0").isolate());
    for (String table : List.of("ip wg-netty-wg0", "ip6 wg-netty-wg0")) {
      assertThat(chains(table)).containsExactly("isolate", "segments", "masquerade");
      assertThat(world.journal.lines().indexOf("firewall add " + table))
          .isNotNegative()
          .isLessThan(world.journal.lines().indexOf("bind"));
    }
    assertThat(running.down()).isEmpty();
    assertThat(world.tables).hasSize(2);
    assertThat(running.afterDown()).isEmpty();
    assertThat(world.tables).isEmpty();
  }

  @Test
  void shouldTouchNoFirewallUnlessAsked() throws Exception {
    ConfiguredInterface running = world.up(file());
    running.reload(file().build());
    running.down();
    running.afterDown();
    assertThat(world.journal.lines()).noneMatch(line -> line.startsWith("firewall"));
  }

  @Test
  void shouldLeaveNothingBehindWhenALaterStepFails() throws Exception {
    String before = world.state();
    world.journal.failingLines.add("hook post-up");
    assertThatThrownBy(() -> world.up(file().masquerade().isolate().hooks("", "post-up", "", "")))
        .hasMessageStartingWith("PostUp");
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldFollowAReload() throws Exception {
    ConfiguredInterface running = world.up(file());
    assertThat(running.reload(file().isolate().build()))
        .hasToString("IPv4: peers isolated; IPv6: peers isolated");
    assertThat(chains("ip wg-netty-wg0")).containsExactly("isolate");
    assertThat(running.reload(file().masquerade("eth0").build()))
        .hasToString("IPv4: masquerading by eth0; IPv6: masquerading by eth0");
    assertThat(running.reload(file().masquerade("eth0").build())).hasToString("nothing differs");
    assertThat(running.reload(file().build()))
        .hasToString(
            "IPv4: neither masquerading nor isolation; IPv6: neither masquerading nor isolation");
    assertThat(world.tables).isEmpty();
  }

  @Test
  void shouldPutBackWhatSomebodyFlushed() throws Exception {
    ConfiguredInterface running = world.up(file().isolate());
    world.tables.clear();
    assertThat(running.reload(file().isolate().build()))
        .hasToString("IPv4: peers isolated; IPv6: peers isolated");
    assertThat(world.tables).hasSize(2);
  }

  @Test
  void shouldTellOfATableThatTheKernelRefuses() throws Exception {
    ConfiguredInterface running = world.up(file());
    world.journal.failingLines.add("firewall add ip wg-netty-wg0");
    ReloadReport report = running.reload(file().isolate().build());
    assertThat(report.failures()).hasSize(1);
    assertThat(report.failures().getFirst()).startsWith("firewall wg-netty-wg0: ");
  }

  @Test
  void shouldMasqueradeByTheDefaultRouteOfEachFamily() throws Exception {
    world.network.links.put(3, new Link(3, "ppp0", true, 1492));
    world.network.defaultRouteIpv6 = new RouteChoice(3, 0);
    ConfiguredInterface running = world.up(file());
    assertThat(running.reload(file().masquerade().build()))
        .hasToString("IPv4: masquerading by eth0; IPv6: masquerading by ppp0");
    world.network.defaultRouteIpv6 = new RouteChoice(FakeNetwork.WG, 0);
    assertThat(running.reload(file().masquerade().build()))
        .hasToString("IPv6: neither masquerading nor isolation");
    assertThat(world.tables).containsOnlyKeys("ip wg-netty-wg0");
  }

  private List<String> warnings(ConfigurationBuilder file) throws Exception {
    List<String> lines = new ArrayList<>();
    WarningTap tap = WarningTap.ofThisThread(lines::add);
    try {
      world.up(file);
    } finally {
      tap.close();
    }
    return lines;
  }

  @Test
  void shouldSayWhatKeepsItFromWorking() throws Exception {
    world.settings.put("net/ipv4/ip_forward", "0");
    world.settings.put("net/ipv6/conf/all/forwarding", "0");
    assertThat(String.join("\n", warnings(file().masquerade("eth9"))))
        .contains("there is no interface eth9 now")
        .contains("IPv4 forwarding is off")
        .contains("`sysctl -w net.ipv4.ip_forward=1'")
        .contains("`sysctl -w net.ipv6.conf.all.forwarding=1'");
  }

  @Test
  void shouldSayThatThereIsNoDefaultRoute() throws Exception {
    world.network.defaultRoute = null;
    world.network.defaultRouteIpv6 = null;
    assertThat(String.join("\n", warnings(file().masquerade())))
        .contains("there is no default route, so nothing is masqueraded");
  }

  @Test
  void shouldBeSilentWhereAllIsWell() throws Exception {
    world.settings.put("net/ipv4/ip_forward", "1");
    world.settings.put("net/ipv6/conf/all/forwarding", "1");
    assertThat(warnings(file().masquerade().isolate())).isEmpty();
  }

  @Test
  void shouldRefuseToMasqueradeByTheTunnelItself() {
    String before = world.state();
    assertThatThrownBy(() -> world.up(file().masquerade("eth0", "wg0")))
        .hasMessageStartingWith("Masquerade wg0: is this interface itself");
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldRefuseAGatewayWithoutPacketFilterAndSayWhatToDo() {
    world.hasNftables = false;
    assertThatThrownBy(() -> world.up(file().isolate()))
        .hasMessageStartingWith("firewall wg-netty-wg0: the kernel has no nf_tables for it: ")
        .hasMessageContaining("load them, or take both comments out of the file");
  }

  @Test
  void shouldRemoveWhatAKilledRunLeftThoughTheFileHasChanged() throws Exception {
    world.up(file().isolate());
    world.network.addresses.clear();
    world.network.routes.clear();
    assertThat(world.tables).hasSize(2);
    world.device.removeAllPeers();
    world.up(file());
    assertThat(world.tables).isEmpty();
  }

  @Test
  void shouldBeRemovedByTheFileOfAKilledRun() throws Exception {
    world.up(file().isolate());
    Leftovers.CleanUp result =
        Leftovers.remove("wg0", file().build().settings(), world.tools(), true, line -> {});
    assertThat(result.failures()).isEmpty();
    assertThat(result.done()).containsExactly("masquerading and isolation");
    assertThat(world.tables).isEmpty();
  }

  @Test
  void shouldKnowTheFamiliesByTheirNames() {
    assertThat(new GatewayTable(List.of("eth0"), false).table(FilterFamily.IP6, "wg7"))
        .hasToString("ip6 wg-netty-wg7");
  }
}
