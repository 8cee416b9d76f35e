package io.wgnetty.setup;

import static io.wgnetty.setup.ConfigurationBuilder.key;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.config.PeerSettings;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
class PeerEndsTest {
  private static final long FAR = 4_000_000_000L;

  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder base() {
    return new ConfigurationBuilder().address("10.0.0.1/24").port(51820).save();
  }

  private static ConfigurationBuilder three() {
    return base()
        .peer(1, "10.1.0.0/16")
        .until(FAR)
        .peer(2, "10.2.0.0/16")
        .peer(3, "10.3.0.0/16")
        .until(FAR + 10);
  }

  @Test
  void shouldRemoveThoseWhoseTimeIsOverWithTheirRoutes() throws Exception {
    ConfiguredInterface running = world.up(three());
    running.ends().removeOver(FAR);
    assertThat(world.device.peerKeys()).hasSize(3);
    assertThat(running.state().expired()).isZero();
    running.ends().removeOver(FAR + 1);
    assertThat(world.device.peerKeys()).containsExactlyInAnyOrder(key(2), key(3));
    assertThat(world.network.state()).doesNotContain("10.1.0.0/16").contains("10.2.0.0/16");
    running.ends().removeOver(FAR + 1000);
    assertThat(world.device.peerKeys()).containsExactly(key(2));
    assertThat(running.state().expired()).isEqualTo(2);
    running.down();
  }

  @Test
  void shouldBringBackWhoGetsALaterEnd() throws Exception {
    ConfiguredInterface running = world.up(three());
    running.ends().removeOver(FAR + 1);
    running.reloadPeers(base().peer(1, "10.1.0.0/16").until(FAR + 99).build(), Set.of(key(1)));
    assertThat(world.device.peerKeys()).hasSize(3);
    running.ends().removeOver(FAR + 99);
    assertThat(world.device.peerKeys()).containsExactlyInAnyOrder(key(1), key(2));
    running.ends().removeOver(FAR + 100);
    assertThat(world.device.peerKeys()).containsExactly(key(2));
    running.down();
  }

  @Test
  void shouldNotTakeAnExpiredPeerOutOfTheFileBySaving() throws Exception {
    ConfiguredInterface running = world.up(three());
    running.ends().removeOver(FAR + 1);
    running.save();
    assertThat(world.saved.getLast().peers())
        .map(PeerSettings::publicKey)
        .containsExactlyInAnyOrder(key(2), key(3));
    assertThat(world.removed.getLast()).isEmpty();
    // What was saved still knows the ends.
    running.ends().removeOver(FAR + 11);
    assertThat(world.device.peerKeys()).containsExactly(key(2));
    running.down();
  }

  @Test
  void shouldKeepOthersFromBringingBackWhoIsBarred() throws Exception {
    ConfiguredInterface running = world.up(three());
    var changes = new AtomicInteger();
    running.beside().onFileChange(changes::incrementAndGet);
    running.ends().removeOver(FAR + 1);
    assertThat(changes).hasValue(1);
    assertThat(running.beside().file().keys()).contains(key(1));
    PeerSettings again = base().peer(1, "10.8.0.0/16").build().peers().getFirst();
    running.beside().apply(List.of(new BesideChange(key(1), null, again)));
    assertThat(world.device.peerKeys()).doesNotContain(key(1));
    running.down();
  }

  @Test
  void shouldLookByItselfOnceThereAreEnds() throws Exception {
    long now = System.currentTimeMillis() / 1000;
    ConfiguredInterface running = world.up(base().peer(2, "10.2.0.0/16"));
    running.reload(base().peer(2, "10.2.0.0/16").peer(3, "10.3.0.0/16").until(now + 1).build());
    assertThat(world.device.peerKeys()).hasSize(2);
    while (world.device.peerKeys().size() > 1) {
      Thread.sleep(20);
    }
    assertThat(System.currentTimeMillis() / 1000).isBetween(now + 2, now + 5);
    running.down();
    running.ends().removeOver(Long.MAX_VALUE);
    assertThat(world.device.peerKeys()).containsExactly(key(2));
  }
}
