package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class Ipv6SwitchTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder both() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24", "fd00::1/64")
        .peer(1, "10.1.0.0/16", "fd01::/48", "0.0.0.0/0", "::/0");
  }

  private void expectIpv4Only(ConfiguredInterface running) throws SetupException {
    assertThat(world.network.state()).doesNotContain("fd0", "::/0").contains("10.1.0.0/16");
    assertThat(world.tables).containsOnlyKeys("ip wg-quick-wg0");
    assertThat(world.device.peer(ConfigurationBuilder.key(1)).allowedIps).hasSize(4);
    assertThat(running.reload(both().build())).hasToString("nothing differs");
  }

  @Test
  void shouldLeaveIpv6OutWhereItIsSwitchedOff() throws Exception {
    world.settings.put(FakeWorld.IPV6_OFF, "1");
    expectIpv4Only(world.up(both()));
  }

  @Test
  void shouldLeaveIpv6OutWhereTheKernelHasNone() throws Exception {
    world.settings.remove(FakeWorld.IPV6_OFF);
    world.settings.remove("net/ipv6");
    expectIpv4Only(world.up(both()));
  }

  @Test
  void shouldTryWhereOnlyTheInterfaceHasNoSetting() throws Exception {
    world.settings.remove(FakeWorld.IPV6_OFF);
    world.up(both());
    assertThat(world.network.state()).contains("fd00::1/64", "fd01::/48", "::/0");
  }

  @Test
  void shouldTakeIpv6UpOnceItIsSwitchedOn() throws Exception {
    world.settings.put(FakeWorld.IPV6_OFF, "1");
    ConfiguredInterface running = world.up(both());
    world.settings.put(FakeWorld.IPV6_OFF, "0");
    assertThat(running.reload(both().build()))
        .hasToString("address fd00::1/64 added; route fd01::/48 added; IPv6 default route added");
  }

  @Test
  void shouldNotLoseAnAddressOfTheFileThatTheSystemCanNotHave() throws Exception {
    world.settings.put(FakeWorld.IPV6_OFF, "1");
    assertThat(world.up(both().save()).down()).isEmpty();
    assertThat(world.saved.getFirst().settings().addresses())
        .isEqualTo(both().build().settings().addresses());
  }
}
