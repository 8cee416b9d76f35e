package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.RouteTable;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.PolicyRule;
import io.wgnetty.netlink.Route;
import io.wgnetty.netlink.RouteChoice;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class InterfaceSetupTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder everything() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24", "fd00::1/64")
        .port(51820)
        .dns("10.0.0.53", "fd00::53")
        .domains("example.net", "example.org")
        .hooks("pre-up %i", "post-up %i", "pre-down %i", "post-down %i")
        .peer(1, 5, "192.0.2.9:51820", 25, "0.0.0.0/0", "::/0", "10.0.0.2/32")
        .peer(2, 0, null, 0, "10.9.0.0/16", "10.9.8.0/24");
  }

  private static Route route(String destination, int table) {
    return new Route(IpPrefix.parse(destination), FakeNetwork.WG, table);
  }

  @Test
  void shouldTakeTheStepsOfWgQuickInTheirOrder() throws Exception {
    world.up(everything());
    assertThat(world.journal.lines())
        .containsExactly(
            "hook pre-up wg0",
            "port 51820",
            "address add 10.0.0.1/24",
            "address add fd00::1/64",
            "mark 51820",
            "firewall add ip6 wg-quick-wg0",
            "net/ipv4/conf/all/src_valid_mark = 1",
            "firewall add ip wg-quick-wg0",
            "bind",
            "link mtu 1420 up",
            "resolvconf -a wg0 -m 0 -x <nameserver 10.0.0.53|nameserver fd00::53|"
                + "search example.net example.org|",
            "route add 10.9.8.0/24",
            "route add 10.9.0.0/16",
            "route add ::/0 in table 51820",
            "route add unreachable ::/0 in table 51820",
            "rule add -6 not fwmark 0xca6c table 51820",
            "rule add -6 table main suppress_prefixlength 0",
            "route add 0.0.0.0/0 in table 51820",
            "route add unreachable 0.0.0.0/0 in table 51820",
            "rule add -4 not fwmark 0xca6c table 51820",
            "rule add -4 table main suppress_prefixlength 0",
            "hook post-up wg0");
    assertThat(world.device.peer(ConfigurationBuilder.key(1)).keepaliveSeconds).isEqualTo(25);
    assertThat(world.device.peer(ConfigurationBuilder.key(1)).endpoint)
        .hasToString("192.0.2.9:51820");
  }

  @Test
  void shouldLeaveNothingBehindWhicheverStepFails() throws Exception {
    var complete = new FakeWorld();
    complete.up(everything());
    int steps = complete.journal.lines().size();
    assertThat(steps).isGreaterThan(20);
    for (int i = 0; i < steps; i++) {
      var failing = new FakeWorld();
      String before = failing.state();
      failing.journal.failingEntry = i;
      String step = complete.journal.lines().get(i);
      var failure = catchThrowableOfType(SetupException.class, () -> failing.up(everything()));
      assertThat(failure).as(step).isNotNull();
      assertThat(failure.getSuppressed()).as(step).isEmpty();
      assertThat(failure)
          .as(step)
          .message()
          .containsPattern("refused by the test|not permitted|42");
      assertThat(failing.state()).as("state after failure of: %s", step).isEqualTo(before);
    }
  }

  @Test
  void shouldGoOnUndoingWhenAnUndoFails() throws Exception {
    world.journal.failingLines.add("hook post-up wg0");
    world.journal.failingLines.add("firewall remove ip wg-quick-wg0");
    world.journal.failingLines.add("address remove fd00::1/64");
    var failure = catchThrowableOfType(SetupException.class, () -> world.up(everything()));
    assertThat(failure.step()).isEqualTo("PostUp");
    assertThat(failure.getSuppressed())
        .extracting(Throwable::getMessage)
        .satisfiesExactly(
            message -> assertThat(message).startsWith("firewall wg-quick-wg0: refused"),
            message -> assertThat(message).startsWith("Address fd00::1/64: refused"));
    assertThat(world.network.rules).isEmpty();
    assertThat(world.tables).containsOnlyKeys("ip wg-quick-wg0");
    assertThat(world.device.peerKeys()).isEmpty();
  }

  @Test
  void shouldSayWhatToDoWithoutResolvconf() throws Exception {
    String before = world.state();
    world.commands.programs.remove("resolvconf");
    var failure = catchThrowableOfType(SetupException.class, () -> world.up(everything()));
    assertThat(failure.step()).isEqualTo("DNS");
    assertThat(failure).hasMessageContaining("install openresolv");
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldStillBeInterruptedAfterItHasTakenBackItsSteps() throws Exception {
    String before = world.state();
    var configuration = everything().peer(3, 0, "vpn.example.net:1", 0).build();
    world.answering = new CountDownLatch(1);
    Thread.currentThread().interrupt();
    assertThatThrownBy(
            () -> InterfaceSetup.up(world.device, "wg0", configuration, world.tools(), c -> {}))
        .hasMessage("interface wg0: setting it up was interrupted");
    world.answering.countDown();
    assertThat(Thread.interrupted()).isTrue();
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldNameTheCommandThatFailedAndItsStatus() {
    world.journal.failingEntry = 0;
    assertThatThrownBy(() -> world.up(everything()))
        .hasMessage("PreUp `pre-up wg0': ended with status 42");
  }

  @Test
  void shouldNameTheAddressThatIsThereTwice() {
    assertThatThrownBy(
            () -> world.up(new ConfigurationBuilder().address("10.0.0.1/24", "10.0.0.1/24")))
        .hasMessageStartingWith("Address 10.0.0.1/24: Address already assigned");
  }

  @Test
  void shouldNameTheRouteThatSomebodyElseHas() {
    world.network.routes.add(
        new Route(IpPrefix.parse("10.9.0.0/16"), FakeNetwork.ETHERNET, Route.MAIN_TABLE));
    assertThatThrownBy(() -> world.up(everything()))
        .hasMessageStartingWith("route 10.9.0.0/16: there is such a route already");
  }

  @Test
  void shouldNotRouteWhereTheInterfacesAddressesLead() throws Exception {
    world.up(
        new ConfigurationBuilder()
            .address("10.0.0.1/24")
            .peer(1, "10.0.0.2/32", "10.0.0.0/24", "10.0.0.0/16"));
    assertThat(world.journal.lines()).containsOnlyOnce("route add 10.0.0.0/16");
    assertThat(world.journal.lines().stream().filter(line -> line.startsWith("route"))).hasSize(1);
  }

  @Test
  void shouldMakeNoRoutesWithTableOff() throws Exception {
    world.up(everything().table(RouteTable.OFF));
    assertThat(world.journal.lines())
        .noneMatch(line -> line.startsWith("route") || line.startsWith("rule"));
    assertThat(world.device.settings().fwmark()).isZero();
  }

  @Test
  void shouldMakeEveryRouteInANumberedTable() throws Exception {
    world.up(everything().table(RouteTable.numbered(123)));
    assertThat(world.network.routes)
        .contains(
            route("0.0.0.0/0", 123),
            route("::/0", 123),
            route("10.0.0.2/32", 123),
            route("10.9.0.0/16", 123));
    assertThat(world.network.rules).isEmpty();
  }

  @Test
  void shouldTakeTheMarkOfTheFileForTheTable() throws Exception {
    world.up(everything().mark(0x1234));
    assertThat(world.network.routes).contains(route("0.0.0.0/0", 0x1234));
    assertThat(world.network.rules)
        .contains(PolicyRule.unlessMarked(false, 0x1234, 0x1234).withPriority(32765));
  }

  @Test
  void shouldPassOverTablesInUse() throws Exception {
    world.network.routes.add(route("10.77.0.0/16", 51820));
    world.network.routes.add(route("fd77::/16", 51821));
    world.up(everything());
    assertThat(world.device.settings().fwmark()).isEqualTo(51822);
  }

  @Test
  void shouldNotWriteAKernelSettingThatIsAsItShould() throws Exception {
    world.settings.put(FakeWorld.ACCEPTS_MARKED, "1");
    world.up(everything());
    assertThat(world.journal.lines()).noneMatch(line -> line.contains("src_valid_mark"));
  }

  @Test
  void shouldTakeTheNarrowestWayToAnEndpointForTheMtu() throws Exception {
    world.network.choices.put(
        IpPrefix.parse("192.0.2.9/32"), new RouteChoice(FakeNetwork.ETHERNET, 0));
    world.network.choices.put(
        IpPrefix.parse("192.0.2.10/32"), new RouteChoice(FakeNetwork.ETHERNET, 1480));
    world.up(
        new ConfigurationBuilder()
            .peer(1, 0, "192.0.2.9:1", 0)
            .peer(2, 0, "192.0.2.10:1", 0)
            .peer(3, 0, "192.0.2.11:1", 0));
    assertThat(world.journal.lines()).contains("link mtu 1400 up");
  }

  @Test
  void shouldTakeTheDefaultRouteForTheMtuWithoutEndpoints() throws Exception {
    world.network.defaultRoute = new RouteChoice(FakeNetwork.ETHERNET, 1300);
    world.up(new ConfigurationBuilder());
    assertThat(world.journal.lines()).contains("link mtu 1220 up");
  }

  @Test
  void shouldTakeEthernetsMtuWithoutAnyRoute() throws Exception {
    world.network.defaultRoute = null;
    world.up(new ConfigurationBuilder());
    assertThat(world.journal.lines()).contains("link mtu 1420 up");
  }

  @Test
  void shouldTakeTheMtuOfTheFile() throws Exception {
    world.up(new ConfigurationBuilder().mtu(1280));
    assertThat(world.journal.lines()).contains("link mtu 1280 up");
  }

  @Test
  void shouldWipeTheSecretsItWasGiven() throws Exception {
    var configuration = everything().build();
    InterfaceSetup.up(world.device, "wg0", configuration, world.tools(), c -> {});
    assertThatThrownBy(() -> configuration.peers().getFirst().presharedKey().copyBytes())
        .isInstanceOf(IllegalStateException.class);
    assertThat(world.device.peer(ConfigurationBuilder.key(1)).presharedKey.copyBytes())
        .containsOnly(5);
    assertThat(world.device.settings().privateKey()).isNotNull();
  }

  @Test
  void shouldTakeEverythingDown() throws Exception {
    String before = world.network.rules + "" + world.commands.left + world.tables;
    ConfiguredInterface running = world.up(everything());
    world.journal.clear();
    assertThat(running.down()).isEmpty();
    assertThat(world.journal.lines()).startsWith("hook pre-down wg0");
    assertThat(world.network.rules + "" + world.commands.left + world.tables).isEqualTo(before);
    assertThat(world.network.routes)
        .containsOnly(route("10.0.0.0/24", 254), route("fd00::/64", 254));
    assertThat(world.device.settings().fwmark()).isZero();
    assertThat(running.down()).isEmpty();
    world.journal.clear();
    assertThat(running.afterDown()).isEmpty();
    assertThat(world.journal.lines()).containsExactly("hook post-down wg0");
  }

  @Test
  void shouldGoDownAlsoWhenACommandFails() throws Exception {
    ConfiguredInterface running = world.up(everything());
    world.journal.clear();
    world.journal.failingEntry = 0;
    assertThat(running.down()).isEqualTo(List.of("PreDown `pre-down wg0': ended with status 42"));
    assertThat(world.network.rules).isEmpty();
  }

  @Test
  void shouldRemoveTheRulesOfARunThatWasKilled() throws Exception {
    world.up(everything());
    String withOne = world.network.rules.toString();
    world.network.routes.clear();
    world.network.addresses.clear();
    world.device.setFwmark(0);
    world.up(everything());
    assertThat(world.network.rules).hasToString(withOne);
  }

  @Test
  void shouldLeaveTheRulesOfOthers() throws Exception {
    var other = PolicyRule.unlessMarked(false, 99, 99);
    world.network.addRule(other);
    world.network.addRule(PolicyRule.mainWithoutDefault(false));
    world.up(everything()).down();
    assertThat(world.network.rules)
        .containsExactly(
            other.withPriority(32765), PolicyRule.mainWithoutDefault(false).withPriority(32764));
  }

  @Test
  void shouldNotSaveAnInterfaceThatIsGone() throws Exception {
    ConfiguredInterface running = world.up(everything().save());
    world.network.links.remove(FakeNetwork.WG);
    assertThat(running.down())
        .containsExactly(
            "SaveConfig: MTU: the interface is gone; and what ran is lost: there is no place for it");
    assertThat(world.saved).isEmpty();
  }

  @Test
  void shouldSaveWhatRuns() throws Exception {
    ConfiguredInterface running =
        world.up(
            everything()
                .save()
                .mtu(1300)
                .peer(3, 0, "vpn.example.net:7", 0, "10.3.0.0/16")
                .peer(4, 0, "vpn.example.net:8", 0));
    world.device.peer(ConfigurationBuilder.key(4)).endpoint =
        world.lookup("vpn.example.net", 4444).getFirst();
    world.device.peer(ConfigurationBuilder.key(2)).keepaliveSeconds = 17;
    world.network.addresses.add(new LinkAddress(IpPrefix.parse("fe80::5/128"), 64));
    running.down();
    assertThat(world.saved).hasSize(1);
    var settings = world.saved.getFirst().settings();
    assertThat(settings.addresses()).hasSize(2);
    assertThat(settings.mtu()).isEqualTo(1300);
    assertThat(settings.fwmark()).isZero();
    assertThat(settings.listenPort()).isEqualTo(51820);
    var peers = world.saved.getFirst().peers();
    assertThat(peers.get(1).keepaliveSeconds()).isEqualTo(17);
    assertThat(peers.get(2).endpoint()).hasToString("vpn.example.net:7");
    assertThat(peers.get(3).endpoint()).hasToString("192.0.2.9:4444");
    assertThatThrownBy(() -> peers.getFirst().presharedKey().copyBytes())
        .isInstanceOf(IllegalStateException.class);
  }
}
