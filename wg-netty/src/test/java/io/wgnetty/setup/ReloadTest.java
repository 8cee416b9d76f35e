package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.RouteTable;
import io.wgnetty.limit.LimitText;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.netlink.Route;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import org.junit.jupiter.api.Test;

class ReloadTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder base() {
    return new ConfigurationBuilder().address("10.0.0.1/24", "fd00::1/64").port(51820);
  }

  private static ConfigurationBuilder twoPeers() {
    return base()
        .peer(1, 5, "192.0.2.9:51820", 25, "10.1.0.0/16", "fd01::/48")
        .peer(2, 0, null, 0, "10.2.0.0/16");
  }

  private static IpPrefix prefix(String text) {
    return IpPrefix.parse(text);
  }

  private ConfiguredInterface running(ConfigurationBuilder configuration) throws SetupException {
    ConfiguredInterface running = world.up(configuration);
    world.journal.clear();
    world.device.changes.clear();
    world.device.orphaned.clear();
    world.lookedUp.clear();
    return running;
  }

  @Test
  void shouldChangeNothingWhenNothingDiffers() throws Exception {
    ConfigurationBuilder all = twoPeers().dns("10.0.0.53").peer(3, "0.0.0.0/0", "::/0").mtu(1300);
    ReloadReport report = running(all).reload(all.build());
    assertThat(report).hasToString("nothing differs");
    assertThat(report.nothingDiffers()).isTrue();
    assertThat(world.journal.lines()).isEmpty();
    assertThat(world.device.changes).isEmpty();
  }

  @Test
  void shouldGiveThePeersTheLimitsOfTheFile() throws Exception {
    PeerLimit limit = LimitText.parse("in 20M, out 5M");
    ConfiguredInterface running = running(twoPeers().limit(limit));
    assertThat(world.device.limits().of(key(1))).isEqualTo(PeerLimit.NONE);
    assertThat(world.device.limits().of(key(2))).isEqualTo(limit);
    assertThat(running.reload(twoPeers().limit(limit).build())).hasToString("nothing differs");
    ReloadReport report = running.reload(twoPeers().build());
    assertThat(report).hasToString("1 limit changed");
    assertThat(world.device.limits().of(key(2))).isEqualTo(PeerLimit.NONE);
    assertThat(world.device.changes).as("nothing else of the peer is touched").isEmpty();
  }

  @Test
  void shouldTellWhatItDid() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    ReloadReport report =
        running.reload(
            base()
                .address("10.0.5.9/24")
                .mtu(1400)
                .peer(1, 5, "192.0.2.9:51820", 15, "10.1.0.0/16", "fd01::/48")
                .peer(3, "10.3.0.0/16")
                .peer(4, "10.4.0.0/16")
                .build());
    assertThat(report)
        .hasToString(
            "2 peers added, 1 removed, 1 changed; MTU 1400; address 10.0.5.9/24 added;"
                + " route 10.3.0.0/16 added; route 10.4.0.0/16 added; route 10.2.0.0/16 removed");
    assertThat(
            running.reload(
                base()
                    .address("10.0.5.9/24")
                    .mtu(1400)
                    .peer(1, 5, "192.0.2.9:51820", 15, "10.1.0.0/16", "fd01::/48")
                    .peer(3, "10.3.0.0/16")
                    .peer(4, "10.4.0.0/16")
                    .build()))
        .hasToString("nothing differs");
  }

  @Test
  void shouldTouchOnlyWhatDiffersOfAPeer() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    running.reload(
        base()
            .peer(1, 6, "192.0.2.9:51820", 25, "10.1.0.0/16", "fd01::/48")
            .peer(2, 0, null, 7, "10.2.0.0/16")
            .build());
    assertThat(world.device.changes).hasSize(2);
    var first = world.device.changes.get(0);
    assertThat(first.publicKey()).isEqualTo(key(1));
    assertThat(first.presharedKey()).isNotNull();
    assertThat(first.endpoint()).isNull();
    assertThat(first.keepaliveSeconds()).isNull();
    assertThat(first.allowedIps()).isEmpty();
    assertThat(first.updateOnly()).isTrue();
    assertThat(first.replaceAllowedIps()).isFalse();
    assertThat(world.device.peer(key(1)).presharedKey.copyBytes()).containsOnly(6);
    var second = world.device.changes.get(1);
    assertThat(second.presharedKey()).isNull();
    assertThat(second.keepaliveSeconds()).isEqualTo(7);
  }

  @Test
  void shouldRemoveAPresharedKeyThatVanished() throws Exception {
    running(twoPeers())
        .reload(
            base()
                .peer(1, 0, "192.0.2.9:51820", 25, "10.1.0.0/16", "fd01::/48")
                .peer(2, "10.2.0.0/16")
                .build());
    assertThat(world.device.peer(key(1)).presharedKey.isNone()).isTrue();
  }

  @Test
  void shouldLeaveARoamedPeerWhereItIs() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    Endpoint roamed = world.lookup("vpn.example.net", 999).getFirst();
    world.device.peer(key(1)).endpoint = roamed;
    world.device.peer(key(2)).endpoint = roamed;
    assertThat(running.reload(twoPeers().build())).hasToString("nothing differs");
    assertThat(world.device.peer(key(1)).endpoint).isEqualTo(roamed);
  }

  @Test
  void shouldSetAnEndpointThatWasChangedInTheFile() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    world.device.peer(key(1)).endpoint = world.lookup("vpn.example.net", 999).getFirst();
    ConfigurationBuilder moved =
        base()
            .peer(1, 5, "192.0.2.77:51820", 25, "10.1.0.0/16", "fd01::/48")
            .peer(2, "10.2.0.0/16");
    assertThat(running.reload(moved.build())).hasToString("1 peer changed");
    assertThat(world.device.peer(key(1)).endpoint).hasToString("192.0.2.77:51820");
    assertThat(running.reload(moved.build())).hasToString("nothing differs");
  }

  private static ConfigurationBuilder named() {
    return base()
        .peer(1, 0, "vpn.example.net:1", 0, "10.1.0.0/16")
        .peer(2, 0, "192.0.2.5:2", 0, "10.2.0.0/16");
  }

  @Test
  void shouldLookUpNamesAgainAndChangeNothingIfTheyHaveNotMoved() throws Exception {
    world.names.put("vpn.example.net", "192.0.2.9 2001:db8::9");
    ConfiguredInterface running = running(named());
    world.names.put("vpn.example.net", "2001:db8::9 192.0.2.9");
    assertThat(running.reload(named().build())).hasToString("nothing differs");
    assertThat(world.lookedUp).containsExactly("vpn.example.net");
    assertThat(world.device.peer(key(1)).endpoint).hasToString("192.0.2.9:1");
  }

  @Test
  void shouldSetTheAddressOfANameThatHasMoved() throws Exception {
    ConfiguredInterface running = running(named());
    world.names.put("vpn.example.net", "192.0.2.33");
    assertThat(running.reload(named().build())).hasToString("1 peer changed");
    assertThat(world.device.peer(key(1)).endpoint).hasToString("192.0.2.33:1");
    assertThat(running.reload(named().build())).hasToString("nothing differs");
  }

  @Test
  void shouldLeaveAPeerThatLivesElsewhereThoughItsNameHasMoved() throws Exception {
    ConfiguredInterface running = running(named());
    FakeControl.Peer peer = world.device.peer(key(1));
    peer.endpoint = world.lookup("vpn.example.net", 999).getFirst();
    peer.lastHandshakeNanos = System.currentTimeMillis() * 1_000_000;
    world.names.put("vpn.example.net", "192.0.2.33");
    assertThat(running.reload(named().build())).hasToString("nothing differs");
    assertThat(peer.endpoint).hasToString("192.0.2.9:999");
  }

  @Test
  void shouldLeaveAnEndpointWhoseNameHasNoAnswer() throws Exception {
    ConfiguredInterface running = running(named());
    world.unanswered = 1;
    assertThat(running.reload(named().build())).hasToString("nothing differs");
    assertThat(world.device.peer(key(1)).endpoint).hasToString("192.0.2.9:1");
  }

  @Test
  void shouldLetAPeerWaitWhoseNameLeadsNowhere() throws Exception {
    ConfiguredInterface running = running(named());
    ReloadReport report =
        running.reload(named().peer(7, 0, "absent.example.net:1", 0).mtu(1300).build());
    assertThat(report).hasToString("1 peer added; MTU 1300");
    assertThat(world.device.peer(key(7)).endpoint).isNull();
  }

  @Test
  void shouldGivePrefixesOfAPeerThatGoesToTheOneThatComes() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    running.reload(base().peer(3, "10.1.0.0/16", "fd01::/48").peer(2, "10.2.0.0/16").build());
    assertThat(world.device.orphaned).isEmpty();
    assertThat(world.device.peer(key(3)).allowedIps)
        .containsExactlyInAnyOrder(prefix("10.1.0.0/16"), prefix("fd01::/48"));
  }

  @Test
  void shouldChangeNothingIfThePortIsTaken() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    world.journal.failingLines.add("port 51821");
    String before = world.state();
    assertThatThrownBy(() -> running.reload(base().port(51821).build()))
        .hasMessageStartingWith("ListenPort 51821: ");
    assertThat(world.state()).isEqualTo(before);
    assertThat(world.device.changes).isEmpty();
  }

  @Test
  void shouldChangeNothingIfResolvconfIsMissing() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    world.commands.programs.remove("resolvconf");
    assertThatThrownBy(() -> running.reload(twoPeers().dns("10.0.0.53").build()))
        .hasMessageContaining("install openresolv");
    assertThat(world.journal.lines()).isEmpty();
  }

  @Test
  void shouldMoveAPrefixInBothDirectionsWithoutAGap() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    ReloadReport report =
        running.reload(
            base()
                .peer(1, 5, "192.0.2.9:51820", 25, "10.2.0.0/16", "fd01::/48")
                .peer(2, "10.1.0.0/16")
                .build());
    assertThat(report).hasToString("2 peers changed");
    assertThat(world.device.peer(key(1)).allowedIps)
        .containsExactlyInAnyOrder(prefix("10.2.0.0/16"), prefix("fd01::/48"));
    assertThat(world.device.peer(key(2)).allowedIps).containsExactly(prefix("10.1.0.0/16"));
    assertThat(world.device.orphaned).isEmpty();
  }

  @Test
  void shouldGiveAPrefixOfARemovedPeerToANewOne() throws Exception {
    running(twoPeers())
        .reload(
            base()
                .peer(1, 5, "192.0.2.9:51820", 25, "10.1.0.0/16", "fd01::/48")
                .peer(3, "10.2.0.0/16")
                .build());
    assertThat(world.device.hasPeer(key(2))).isFalse();
    assertThat(world.device.peer(key(3)).allowedIps).containsExactly(prefix("10.2.0.0/16"));
  }

  @Test
  void shouldTakeAPrefixAwayThatNobodyHasAnyMore() throws Exception {
    running(twoPeers())
        .reload(
            base()
                .peer(1, 5, "192.0.2.9:51820", 25, "10.1.0.0/16")
                .peer(2, "10.2.0.0/16", "10.22.0.0/16")
                .build());
    assertThat(world.device.peer(key(1)).allowedIps).containsExactly(prefix("10.1.0.0/16"));
    assertThat(world.device.peer(key(2)).allowedIps)
        .containsExactlyInAnyOrder(prefix("10.2.0.0/16"), prefix("10.22.0.0/16"));
    assertThat(world.network.routes)
        .contains(new Route(prefix("10.22.0.0/16"), FakeNetwork.WG, 254))
        .doesNotContain(new Route(prefix("fd01::/48"), FakeNetwork.WG, 254));
  }

  @Test
  void shouldLetTheLastPeerHaveAPrefixThatTwoName() throws Exception {
    ConfigurationBuilder both = base().peer(1, "10.1.0.0/16").peer(2, "10.1.0.0/16");
    ConfiguredInterface running = running(both);
    assertThat(world.device.peer(key(2)).allowedIps).hasSize(1);
    assertThat(running.reload(both.build())).hasToString("nothing differs");
  }

  @Test
  void shouldRemoveAPeerThatTheFileNeverHad() throws Exception {
    ConfiguredInterface running = running(base().peer(1, "10.1.0.0/16"));
    ConfigurationBuilder more = base().peer(1, "10.1.0.0/16").peer(2, "10.2.0.0/16");
    running.reload(more.build());
    assertThat(running.reload(base().peer(1, "10.1.0.0/16").build()))
        .hasToString("1 peer removed; route 10.2.0.0/16 removed");
  }

  @Test
  void shouldChangeKeyPortAndMark() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    ReloadReport report =
        running.reload(twoPeers().privateKey("22".repeat(32)).port(51999).mark(0x77).build());
    assertThat(report).hasToString("ListenPort 51999; PrivateKey changed; FwMark 0x77");
    assertThat(world.device.settings().listenPort()).isEqualTo(51999);
    assertThat(world.device.settings().fwmark()).isEqualTo(0x77);
  }

  @Test
  void shouldKeepThePortIfTheFileAsksForAny() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    assertThat(running.reload(twoPeers().port(0).build()).nothingDiffers()).isTrue();
    assertThat(world.device.settings().listenPort()).isEqualTo(51820);
  }

  @Test
  void shouldAddADefaultRouteAndTakeItAway() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    ConfigurationBuilder all = twoPeers().peer(3, "0.0.0.0/0");
    assertThat(running.reload(all.build())).hasToString("1 peer added; IPv4 default route added");
    assertThat(world.device.settings().fwmark()).isEqualTo(51820);
    assertThat(world.network.rules).hasSize(2);
    assertThat(running.reload(all.build())).hasToString("nothing differs");
    assertThat(running.reload(twoPeers().build()))
        .hasToString("1 peer removed; IPv4 default route removed; FwMark off");
    assertThat(world.network.rules).isEmpty();
    assertThat(world.device.settings().fwmark()).isZero();
    assertThat(world.commands.left).isEmpty();
  }

  @Test
  void shouldMoveTheDefaultRouteToTheTableOfAnotherMark() throws Exception {
    ConfigurationBuilder all = base().peer(3, "0.0.0.0/0", "::/0");
    ConfiguredInterface running = running(all);
    running.reload(base().mark(99).peer(3, "0.0.0.0/0", "::/0").build());
    assertThat(world.network.routes)
        .contains(new Route(prefix("0.0.0.0/0"), FakeNetwork.WG, 99))
        .noneMatch(route -> route.table() == 51820);
    assertThat(world.network.rules).hasSize(4);
    assertThat(world.network.rules.stream().filter(rule -> rule.fwmark() == 99)).hasSize(2);
    running.reload(all.build());
    assertThat(world.device.settings().fwmark()).isEqualTo(51820);
    assertThat(world.network.routes).noneMatch(route -> route.table() == 99);
  }

  @Test
  void shouldMoveRoutesToAnotherTable() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    running.reload(twoPeers().table(RouteTable.numbered(5)).build());
    assertThat(world.network.routes)
        .contains(new Route(prefix("10.1.0.0/16"), FakeNetwork.WG, 5))
        .doesNotContain(new Route(prefix("10.1.0.0/16"), FakeNetwork.WG, 254));
    running.reload(twoPeers().table(RouteTable.OFF).build());
    assertThat(world.network.routes)
        .containsOnly(
            new Route(prefix("10.0.0.0/24"), FakeNetwork.WG, 254),
            new Route(prefix("fd00::/64"), FakeNetwork.WG, 254));
  }

  @Test
  void shouldKeepItsRoutesWhenTheOnlyAddressIsExchanged() throws Exception {
    ConfigurationBuilder one =
        new ConfigurationBuilder().address("10.0.0.1/24").peer(1, "10.9.0.0/16", "0.0.0.0/0");
    ConfiguredInterface running = running(one);
    ReloadReport report =
        running.reload(
            new ConfigurationBuilder()
                .address("10.5.0.1/24")
                .peer(1, "10.9.0.0/16", "0.0.0.0/0")
                .build());
    assertThat(report).hasToString("address 10.5.0.1/24 added; address 10.0.0.1/24 removed");
    assertThat(world.network.routes)
        .contains(new Route(prefix("10.9.0.0/16"), FakeNetwork.WG, 254))
        .contains(new Route(prefix("0.0.0.0/0"), FakeNetwork.WG, 51820));
    assertThat(world.journal.lines()).contains("firewall add ip wg-quick-wg0");
  }

  @Test
  void shouldPutBackWhatVanishedWithTheLastAddress() throws Exception {
    ConfigurationBuilder one =
        new ConfigurationBuilder().address("10.0.0.1/24").peer(1, "10.9.0.0/16", "0.0.0.0/0");
    ConfiguredInterface running = running(one);
    running.reload(new ConfigurationBuilder().peer(1, "10.9.0.0/16", "0.0.0.0/0").build());
    assertThat(world.network.addresses).isEmpty();
    assertThat(world.network.routes)
        .contains(new Route(prefix("10.9.0.0/16"), FakeNetwork.WG, 254))
        .contains(new Route(prefix("0.0.0.0/0"), FakeNetwork.WG, 51820));
  }

  @Test
  void shouldFollowNameServers() throws Exception {
    ConfiguredInterface running = running(twoPeers().dns("10.0.0.53"));
    assertThat(running.reload(twoPeers().dns("10.0.0.54").domains("example.net").build()))
        .hasToString("DNS 10.0.0.54");
    assertThat(running.reload(twoPeers().build())).hasToString("DNS removed");
    assertThat(world.commands.left).isEmpty();
  }

  @Test
  void shouldFindTheMtuWhenTheFileNoLongerSaysIt() throws Exception {
    ConfiguredInterface running = running(twoPeers().mtu(1300));
    assertThat(running.reload(twoPeers().build())).hasToString("MTU 1420");
    world.network.defaultRoute = null;
    assertThat(running.reload(twoPeers().build())).hasToString("nothing differs");
  }

  @Test
  void shouldRunTheNewCommandsWhenItGoesDown() throws Exception {
    ConfiguredInterface running = running(twoPeers().hooks("", "", "old", ""));
    assertThat(running.reload(twoPeers().hooks("", "", "new", "").build()))
        .hasToString("commands changed, for when it goes down");
    assertThat(world.journal.lines()).isEmpty();
    running.down();
    assertThat(world.journal.lines()).contains("hook new").doesNotContain("hook old");
  }

  @Test
  void shouldReportWhatFailsAndTryItAgainNextTime() throws Exception {
    ConfiguredInterface running = running(twoPeers());
    ConfigurationBuilder next = twoPeers().address("10.5.0.1/24").peer(3, "10.3.0.0/16");
    world.journal.failingLines.addAll(List.of("address add 10.5.0.1/24", "route add 10.3.0.0/16"));
    ReloadReport report = running.reload(next.build());
    assertThat(report.failures()).hasSize(2);
    assertThat(report.peersAdded()).isEqualTo(1);
    assertThat(report.toString()).contains("FAILED: Address 10.5.0.1/24: refused by the test");
    world.journal.failingLines.clear();
    assertThat(running.reload(next.build()))
        .hasToString("address 10.5.0.1/24 added; route 10.3.0.0/16 added");
  }

  @Test
  void shouldChangeOneOfAHundredThousandPeersWithinSeconds() throws Exception {
    int count = 100_000;
    ConfiguredInterface running = running(many(count, 0));
    long beginNs = System.nanoTime();
    ReloadReport report = running.reload(many(count, 25).build());
    long tookMs = (System.nanoTime() - beginNs) / 1_000_000;
    System.out.println("one of " + count + " peers changed: reload took " + tookMs + " ms");
    assertThat(report).hasToString("1 peer changed");
    assertThat(world.device.changes).hasSize(1);
    assertThat(tookMs).isLessThan(30_000);
  }

  private static ConfigurationBuilder many(int count, int keepaliveOfOne) {
    ConfigurationBuilder many = new ConfigurationBuilder().table(RouteTable.OFF);
    for (int i = 0; i < count; i++) {
      String prefix = "10." + (i >> 16) + "." + (i >> 8 & 0xff) + "." + (i & 0xff) + "/32";
      many.peer(i, 1 + i % 100, null, i == 777 ? keepaliveOfOne : 0, prefix);
    }
    return many;
  }
}
