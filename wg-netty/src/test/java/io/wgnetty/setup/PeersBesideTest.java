package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.device.PeerChange;
import io.wgnetty.netlink.Route;
import io.wgnetty.protocol.Endpoint;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Peers beside the file's, on an interface that only remembers. */
class PeersBesideTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder base() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24", "fd00::1/64")
        .port(51820)
        .peer(1, "10.1.0.0/16");
  }

  private PeersBeside running(ConfigurationBuilder configuration) throws SetupException {
    return world.up(configuration).beside();
  }

  /** A peer as a directory may have it. */
  private static PeerSettings peer(int number, int psk, @Nullable String at, String... prefixes) {
    return new ConfigurationBuilder()
        .peer(number, psk, at, 25, prefixes)
        .build()
        .peers()
        .getFirst();
  }

  private static BesideChange comes(PeerSettings after) {
    return new BesideChange(after.publicKey(), null, after);
  }

  private static BesideChange changes(PeerSettings before, PeerSettings after) {
    return new BesideChange(after.publicKey(), before, after);
  }

  private static BesideChange goes(PeerSettings before) {
    return new BesideChange(before.publicKey(), before, null);
  }

  private List<IpPrefix> routes() {
    return world.network.routes.stream().map(Route::destination).toList();
  }

  @Test
  void shouldMakePeersAndTheirRoutesAndTakeThemAway() throws Exception {
    PeersBeside beside = running(base());
    PeerSettings two = peer(2, 7, "192.0.2.2:51820", "10.0.0.2/32", "10.2.0.0/16");
    beside.apply(List.of(comes(two)));
    FakeControl.Peer made = world.device.peer(key(2));
    assertThat(made.presharedKey.copyBytes()).containsOnly(7);
    assertThat(made.endpoint).hasToString("192.0.2.2:51820");
    assertThat(made.keepaliveSeconds).isEqualTo(25);
    assertThat(made.allowedIps)
        .containsExactly(IpPrefix.parse("10.0.0.2/32"), IpPrefix.parse("10.2.0.0/16"));
    assertThat(routes()).contains(IpPrefix.parse("10.2.0.0/16"));
    assertThat(routes())
        .as("the address leads there")
        .doesNotContain(IpPrefix.parse("10.0.0.2/32"));
    beside.apply(List.of(goes(two)));
    assertThat(world.device.hasPeer(key(2))).isFalse();
    assertThat(routes()).doesNotContain(IpPrefix.parse("10.2.0.0/16"));
    assertThat(routes()).as("the file's stay").contains(IpPrefix.parse("10.1.0.0/16"));
  }

  @Test
  void shouldTouchOnlyWhatDiffers() throws Exception {
    PeersBeside beside = running(base());
    PeerSettings before = peer(2, 7, "192.0.2.2:51820", "10.2.0.0/16");
    beside.apply(List.of(comes(before)));
    Endpoint roamed = world.lookup("vpn.example.net", 999).getFirst();
    world.device.peer(key(2)).endpoint = roamed;
    world.device.changes.clear();
    beside.apply(List.of(changes(before, peer(2, 8, "192.0.2.2:51820", "10.2.0.0/16"))));
    PeerChange change = world.device.changes.getFirst();
    assertThat(requireNonNull(change.presharedKey()).copyBytes()).containsOnly(8);
    assertThat(change.allowedIps()).isEmpty();
    assertThat(world.device.peer(key(2)).endpoint).as("it roams").isEqualTo(roamed);
    beside.apply(
        List.of(
            changes(
                peer(2, 8, "192.0.2.2:51820", "10.2.0.0/16"),
                peer(2, 8, "192.0.2.3:51820", "10.2.0.0/16"))));
    assertThat(world.device.peer(key(2)).endpoint).hasToString("192.0.2.3:51820");
  }

  @Test
  void shouldLeaveThePeersOfTheFileAlone() throws Exception {
    PeersBeside beside = running(base());
    beside.apply(List.of(comes(peer(1, 9, null, "10.9.0.0/16"))));
    assertThat(world.device.peer(key(1)).allowedIps).containsExactly(IpPrefix.parse("10.1.0.0/16"));
    assertThat(routes()).doesNotContain(IpPrefix.parse("10.9.0.0/16"));
    beside.apply(List.of(goes(peer(1, 9, null, "10.9.0.0/16"))));
    assertThat(world.device.hasPeer(key(1))).isTrue();
    assertThat(beside.file().keys()).containsExactly(key(1));
    assertThat(beside.file().prefixes()).containsExactly(IpPrefix.parse("10.1.0.0/16"));
  }

  @Test
  void shouldMakeNoDefaultRouteAndNoneWithoutATable() throws Exception {
    PeersBeside beside = running(base());
    beside.apply(List.of(comes(peer(2, 0, null, "0.0.0.0/0", "::/0", "10.2.0.0/16"))));
    assertThat(world.device.peer(key(2)).allowedIps).hasSize(3);
    assertThat(routes()).contains(IpPrefix.parse("10.2.0.0/16"));
    assertThat(routes()).doesNotContain(IpPrefix.parse("0.0.0.0/0"), IpPrefix.parse("::/0"));
    assertThat(world.network.rules).isEmpty();
  }

  @Test
  void shouldMakeNoRoutesWhereTheFileWantsNone() throws Exception {
    PeersBeside beside = running(base().table(RouteTable.OFF));
    List<IpPrefix> before = routes();
    beside.apply(List.of(comes(peer(2, 0, null, "10.2.0.0/16"))));
    assertThat(routes()).isEqualTo(before);
  }

  @Test
  void shouldOutliveAReloadUnlessTheFileComesToNameThem() throws Exception {
    ConfiguredInterface running = world.up(base());
    PeersBeside beside = running.beside();
    var told = new AtomicInteger();
    beside.onFileChange(told::incrementAndGet);
    beside.apply(
        List.of(comes(peer(2, 0, null, "10.2.0.0/16")), comes(peer(3, 0, null, "10.3.0.0/16"))));
    running.reload(base().peer(3, "10.33.0.0/16").build());
    assertThat(told).hasValue(1);
    assertThat(world.device.hasPeer(key(2))).isTrue();
    assertThat(routes()).contains(IpPrefix.parse("10.2.0.0/16"));
    assertThat(world.device.peer(key(3)).allowedIps)
        .containsExactly(IpPrefix.parse("10.33.0.0/16"));
    running.reload(base().build());
    assertThat(world.device.hasPeer(key(3))).as("it was the file's").isFalse();
    assertThat(world.device.hasPeer(key(2))).isTrue();
  }

  @Test
  void shouldMakeManyInPartsAndLabelThem() throws Exception {
    PeersBeside beside = running(base().table(RouteTable.OFF));
    List<BesideChange> many = new ArrayList<>();
    for (int i = 2; i < 3000; i++) {
      PeerSettings plain = peer(i, 0, null, "10.%d.%d.0/24".formatted(128 + (i >> 8), i & 255));
      many.add(
          comes(
              new PeerSettings(
                  plain.publicKey(),
                  plain.presharedKey(),
                  plain.allowedIps(),
                  null,
                  0,
                  "peer " + i)));
    }
    beside.apply(many);
    assertThat(world.device.peerKeys()).hasSize(2999);
    assertThat(world.device.label(key(2999))).isEqualTo("peer 2999");
  }

  @Test
  void shouldChangeNothingWhenTheInterfaceIsGone() throws Exception {
    ConfiguredInterface running = world.up(base());
    PeersBeside beside = running.beside();
    running.down();
    beside.apply(List.of(comes(peer(2, 0, null, "10.2.0.0/16"))));
    assertThat(world.device.hasPeer(key(2))).isFalse();
  }
}
