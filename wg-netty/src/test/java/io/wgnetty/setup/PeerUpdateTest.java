package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class PeerUpdateTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder base() {
    return new ConfigurationBuilder().address("10.0.0.1/24").port(51820);
  }

  private ConfiguredInterface running(ConfigurationBuilder configuration) throws SetupException {
    ConfiguredInterface running = world.up(configuration);
    world.journal.clear();
    world.device.changes.clear();
    return running;
  }

  private void addByHand(PublicKey key, String prefix) {
    world.device.apply(
        List.of(
            new PeerChange(
                key,
                false,
                false,
                null,
                null,
                null,
                false,
                List.of(new PeerChange.AllowedIp(IpPrefix.parse(prefix), false)))));
  }

  @Test
  void shouldAddOnePeerWithItsRouteAndLeaveAllElseAsItRuns() throws Exception {
    ConfiguredInterface running = running(base().peer(1, "10.1.0.0/16"));
    addByHand(key(7), "10.7.0.0/16");
    world.journal.clear();
    // Somebody is at work on the file: another address, a peer that is not whole, one gone.
    ReloadReport report =
        running.reloadPeers(
            base().mtu(1300).port(99).peer(3, "10.3.0.0/16").peer(2, "10.2.0.0/16").build(),
            Set.of(key(2)));
    assertThat(report).hasToString("1 peer added; route 10.2.0.0/16 added");
    assertThat(world.device.peerKeys()).containsExactlyInAnyOrder(key(1), key(2), key(7));
    assertThat(world.network.state()).contains("10.1.0.0/16", "10.2.0.0/16");
    assertThat(world.network.state()).doesNotContain("10.3.0.0/16", "10.7.0.0/16", "1300");
    assertThat(world.device.settings().listenPort()).isEqualTo(51820);
  }

  @Test
  void shouldRemoveOnePeerWithItsRoutesAndDefaultRoute() throws Exception {
    ConfigurationBuilder one = base().peer(1, "10.1.0.0/16");
    ConfiguredInterface running = running(one);
    String before = world.network.state() + world.device.state();
    running.reloadPeers(
        base().peer(1, "10.1.0.0/16").peer(2, "0.0.0.0/0", "10.2.0.0/16").build(), Set.of(key(2)));
    assertThat(world.network.state() + world.device.state()).isNotEqualTo(before);
    assertThat(running.reloadPeers(one.build(), Set.of(key(2))).peersRemoved()).isEqualTo(1);
    assertThat(world.network.state() + world.device.state()).isEqualTo(before);
    assertThat(world.device.peerKeys()).containsExactly(key(1));
  }

  @Test
  void shouldRemoveAPeerThatTheFileNeverHad() throws Exception {
    ConfigurationBuilder one = base().peer(1, "10.1.0.0/16");
    ConfiguredInterface running = running(one);
    addByHand(key(7), "10.7.0.0/16");
    addByHand(key(8), "10.8.0.0/16");
    running.reloadPeers(one.build(), Set.of(key(7)));
    assertThat(world.device.peerKeys()).containsExactlyInAnyOrder(key(1), key(8));
  }

  @Test
  void shouldTakeAPeerBackWhoseRouteCannotBeMade() throws Exception {
    ConfiguredInterface running = running(base().peer(1, "10.1.0.0/16"));
    String before = world.network.state() + world.device.state();
    world.journal.failingLines.add("route add 10.2.0.0/16");
    assertThatThrownBy(
            () ->
                running.reloadPeers(
                    base().peer(1, "10.1.0.0/16").peer(2, "10.2.0.0/16").build(), Set.of(key(2))))
        .isInstanceOf(SetupException.class)
        .hasMessageContaining("10.2.0.0/16");
    assertThat(world.network.state() + world.device.state()).isEqualTo(before);
    assertThat(world.device.peerKeys()).containsExactly(key(1));
  }

  @Test
  void shouldLookUpTheNameOfThatPeerOnlyAndLookAfterItFromThenOn() throws Exception {
    world.names.put("other.example.net", "192.0.2.10");
    ConfigurationBuilder one = base().peer(1, 0, "vpn.example.net:1", 0);
    ConfiguredInterface running = running(one);
    world.lookedUp.clear();
    running.reloadPeers(
        base().peer(1, 0, "vpn.example.net:1", 0).peer(2, 0, "other.example.net:2", 0).build(),
        Set.of(key(2)));
    assertThat(world.lookedUp).containsExactly("other.example.net");
    assertThat(world.device.peer(key(2)).endpoint).hasToString("192.0.2.10:2");
    running.reloadPeers(base().peer(2, 0, "other.example.net:2", 0).build(), Set.of(key(1)));
    assertThat(running.hasNames()).isTrue();
    running.reloadPeers(base().build(), Set.of(key(2)));
    assertThat(running.hasNames()).isFalse();
  }

  @Test
  void shouldForgetTheNameOfAPeerThatItTakesBack() throws Exception {
    ConfiguredInterface running = running(base());
    world.journal.failingLines.add("route add 10.2.0.0/16");
    assertThatThrownBy(
            () ->
                running.reloadPeers(
                    base().peer(2, 0, "vpn.example.net:1", 0, "10.2.0.0/16").build(),
                    Set.of(key(2))))
        .isInstanceOf(SetupException.class);
    assertThat(running.hasNames()).isFalse();
  }
}
