package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.netlink.Route;
import io.wgnetty.peer.IpPrefix;
import java.util.List;
import org.junit.jupiter.api.Test;

class DefaultRouteTest {
  private static final String STRICT = "net/ipv4/conf/eth0/rp_filter";

  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder everywhere() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24", "fd00::1/64")
        .peer(1, 0, "192.0.2.9:51820", 25, "0.0.0.0/0", "::/0");
  }

  private void withoutNftables(String... programs) {
    world.hasNftables = false;
    world.commands.programs.addAll(List.of(programs));
  }

  private List<String> journal(String beginning) {
    return world.journal.lines().stream().filter(line -> line.startsWith(beginning)).toList();
  }

  @Test
  void shouldHaveAnswersMarkedBeforeTheFirstDatagramIsSent() throws Exception {
    world.up(everywhere());
    List<String> lines = world.journal.lines();
    int bind = lines.indexOf("bind");
    assertThat(lines.subList(0, bind))
        .contains(
            "mark 51820",
            "net/ipv4/conf/all/src_valid_mark = 1",
            "firewall add ip wg-quick-wg0",
            "firewall add ip6 wg-quick-wg0");
    assertThat(lines.subList(bind, lines.size())).noneMatch(line -> line.startsWith("firewall"));
  }

  @Test
  void shouldHaveAnswersMarkedFirstInAReload() throws Exception {
    ConfiguredInterface running = world.up(new ConfigurationBuilder().address("10.0.0.1/24"));
    world.journal.clear();
    assertThat(running.reload(everywhere().build()).failures()).isEmpty();
    List<String> lines = world.journal.lines();
    assertThat(lines.indexOf("firewall add ip wg-quick-wg0"))
        .isLessThan(lines.indexOf("route add 0.0.0.0/0 in table 51820"));
    assertThat(lines.indexOf("net/ipv4/conf/all/src_valid_mark = 1"))
        .isLessThan(lines.indexOf("firewall add ip wg-quick-wg0"));
  }

  @Test
  void shouldRefuseWhatComesWhenTheInterfaceIsGone() throws Exception {
    world.up(everywhere());
    world.network.routes.removeIf(route -> route.linkIndex() == FakeNetwork.WG);
    for (boolean ipv6 : new boolean[] {false, true}) {
      assertThat(world.network.routes(ipv6, 51820))
          .containsExactly(KilledRun.refusal(ipv6, "wg0", 51820));
    }
  }

  @Test
  void shouldRemoveWhatAKilledRunLeftBeforeItLooksNamesUp() throws Exception {
    world.up(everywhere());
    String rules = world.network.rules.toString();
    world.network.routes.removeIf(route -> route.linkIndex() == FakeNetwork.WG);
    world.network.addresses.clear();
    world.device.setFwmark(0);
    var named = everywhere().peer(2, 0, "absent.example.net:1", 0);
    assertThatThrownBy(() -> world.up(named)).hasMessageContaining("Name or service not known");
    assertThat(world.network.rules).isEmpty();
    assertThat(world.network.routes).isEmpty();
    world.up(everywhere());
    assertThat(world.network.rules).hasToString(rules);
    assertThat(world.device.settings().fwmark()).isEqualTo(51820);
  }

  @Test
  void shouldLeaveWhatAnotherInterfaceLeft() throws Exception {
    Route other = KilledRun.refusal(false, "wg1", 51820);
    world.network.addRoute(other);
    world.network.addRule(io.wgnetty.netlink.PolicyRule.unlessMarked(false, 51820, 51820));
    world.up(everywhere());
    assertThat(world.network.routes(false, 51820)).containsExactly(other);
    assertThat(world.device.settings().fwmark()).isEqualTo(51821);
  }

  @Test
  void shouldPutBackARefusalThatSomebodyRemoved() throws Exception {
    ConfiguredInterface running = world.up(everywhere());
    Route refusal = KilledRun.refusal(false, "wg0", 51820);
    assertThat(world.network.routes.remove(refusal)).isTrue();
    assertThat(running.reload(everywhere().build()))
        .hasToString("route unreachable 0.0.0.0/0 in table 51820 added");
    assertThat(world.network.routes).contains(refusal);
  }

  @Test
  void shouldTakeIptablesWithoutNftables() throws Exception {
    withoutNftables("iptables-restore", "iptables-save", "ip6tables-restore", "ip6tables-save");
    world.settings.put(STRICT, "1");
    ConfiguredInterface running = world.up(everywhere());
    assertThat(journal("iptables-restore"))
        .containsExactly(
            "iptables-restore -n <*raw|-I PREROUTING ! -i wg0 -d 10.0.0.1 -m addrtype ! --src-type"
                + " LOCAL -j DROP -m comment --comment \"wg-quick(8) rule for wg0\"|COMMIT|*mangle|"
                + "-I POSTROUTING -m mark --mark 51820 -p udp -j CONNMARK --save-mark -m comment"
                + " --comment \"wg-quick(8) rule for wg0\"|-I PREROUTING -p udp -j CONNMARK"
                + " --restore-mark -m comment --comment \"wg-quick(8) rule for wg0\"|COMMIT|");
    assertThat(journal("ip6tables-restore").getFirst()).contains("-d fd00::1 ");
    world.journal.clear();
    world.commands.saved =
        """
        # Generated by iptables-save
        *raw
        :PREROUTING ACCEPT [0:0]
        -A PREROUTING -d 10.0.0.1/32 -m comment --comment "wg-quick(8) rule for wg0" -j DROP
        -A PREROUTING -d 10.0.0.2/32 -m comment --comment "wg-quick(8) rule for wg01" -j DROP
        COMMIT
        """;
    assertThat(running.down()).isEmpty();
    assertThat(journal("iptables-restore"))
        .containsExactly(
            "iptables-restore -n <*raw|-D PREROUTING -d 10.0.0.1/32 -m comment --comment"
                + " \"wg-quick(8) rule for wg0\" -j DROP|COMMIT|");
  }

  @Test
  void shouldNotStartATunnelThatWouldBeDead() {
    withoutNftables();
    world.settings.put(STRICT, "1");
    String before = world.state();
    assertThatThrownBy(() -> world.up(everywhere()))
        .hasMessageStartingWith("firewall wg-quick-wg0: the kernel has no nf_tables for it: ")
        .hasMessageContaining("there is no iptables-restore either")
        .hasMessageContaining("(rp_filter) on eth0")
        .hasMessageEndingWith("set net.ipv4.conf.all.rp_filter=2");
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldWorkWithoutFirewallWhereSourcesAreNotFiltered() throws Exception {
    withoutNftables();
    world.settings.put(STRICT, "1");
    world.settings.put("net/ipv4/conf/all/rp_filter", "2");
    ConfiguredInterface running = world.up(everywhere());
    assertThat(world.network.rules).hasSize(4);
    assertThat(running.down()).isEmpty();
    assertThat(world.network.rules).isEmpty();
  }

  @Test
  void shouldTellARouteThatRefusesFromOneThatLeads() {
    IpPrefix all = IpPrefix.parse("0.0.0.0/0");
    assertThat(Route.unreachable(all, 5, 9)).isNotEqualTo(new Route(all, 0, 5));
  }
}
