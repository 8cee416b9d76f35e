package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.device.PeerChange;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a PreUp command has told the device: the file adds to it, as {@code wg addconf} does. */
class CommandsBeforeTest {
  private static final PrivateKey KEY = PrivateKey.fromHex("22".repeat(32));
  private static final int PORT = 4711;
  private static final int MARK = 0x99;

  private final FakeWorld world = new FakeWorld();

  @BeforeEach
  void setEverything() throws Exception {
    world.device.setPrivateKey(KEY.copy());
    world.device.setListenPort(PORT);
    world.device.setFwmark(MARK);
    world.device.apply(List.of(peer(1, 3, 11, "10.77.0.0/16"), peer(7, 4, 12, "10.78.0.0/16")));
  }

  private static PeerChange peer(int number, int psk, int keepalive, String prefix) {
    byte[] bytes = new byte[PresharedKey.BYTES];
    bytes[0] = (byte) psk;
    return new PeerChange(
        key(number),
        false,
        false,
        PresharedKey.of(bytes),
        null,
        keepalive,
        false,
        List.of(new PeerChange.AllowedIp(IpPrefix.parse(prefix), false)));
  }

  private static ConfigurationBuilder silent() {
    return new ConfigurationBuilder().privateKey(null).peer(1, "10.1.0.0/16");
  }

  private PrivateKey runningKey() {
    return Objects.requireNonNull(world.device.settings().privateKey());
  }

  @Test
  void shouldStayWhereTheFileSaysNothing() throws Exception {
    world.up(silent());
    assertThat(runningKey().sameAs(KEY)).isTrue();
    assertThat(world.device.settings().listenPort()).isEqualTo(PORT);
    assertThat(world.device.settings().fwmark()).isEqualTo(MARK);
    assertThat(world.device.peerKeys()).containsExactly(key(1), key(7));
    assertThat(world.device.peer(key(7)).allowedIps)
        .containsExactly(IpPrefix.parse("10.78.0.0/16"));
    assertThat(world.device.peer(key(1)).presharedKey.copyBytes()[0]).isEqualTo((byte) 3);
    assertThat(world.device.peer(key(1)).keepaliveSeconds).isEqualTo(11);
  }

  @Test
  void shouldGiveWayToWhatTheFileSays() throws Exception {
    world.up(
        new ConfigurationBuilder().port(5).mark(6).peer(1, 9, "192.0.2.9:1", 25, "10.1.0.0/16"));
    assertThat(runningKey().sameAs(KEY)).isFalse();
    assertThat(world.device.settings().listenPort()).isEqualTo(5);
    assertThat(world.device.settings().fwmark()).isEqualTo(6);
    assertThat(world.device.peer(key(1)).allowedIps).containsExactly(IpPrefix.parse("10.1.0.0/16"));
    assertThat(world.device.peer(key(1)).presharedKey.copyBytes()[0]).isEqualTo((byte) 9);
    assertThat(world.device.peer(key(1)).keepaliveSeconds).isEqualTo(25);
  }

  @Test
  void shouldStayThroughAReload() throws Exception {
    ConfiguredInterface running = world.up(silent());
    ReloadReport report = running.reload(silent().mtu(1300).build());
    assertThat(report.failures()).isEmpty();
    assertThat(runningKey().sameAs(KEY)).isTrue();
    assertThat(world.device.settings().listenPort()).isEqualTo(PORT);
    assertThat(world.device.settings().fwmark()).isEqualTo(MARK);
  }

  @Test
  void shouldGoWithAReloadOnceTheFileHadSpokenOfThem() throws Exception {
    ConfiguredInterface running = world.up(new ConfigurationBuilder().mark(6));
    assertThat(running.reload(new ConfigurationBuilder().privateKey(null).build()).failures())
        .isEmpty();
    assertThat(world.device.settings().privateKey()).isNull();
    assertThat(world.device.settings().fwmark()).isZero();
  }

  @Test
  void shouldChooseTheTableOfADefaultRoute() throws Exception {
    world.up(silent().peer(2, "0.0.0.0/0"));
    assertThat(world.network.rules.toString()).contains("table " + MARK);
  }
}
