package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerChange;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The end of an interface when something is about to be lost with it. */
class GoingDownTest {
  private final FakeWorld world = new FakeWorld();
  private final Sink sink = new Sink();

  /** A file that can be written, or not; and another place. */
  private static final class Sink implements ConfigurationSink {
    private boolean readOnly;
    private boolean noOtherPlace;
    private final List<List<PublicKey>> saved = new ArrayList<>();
    private final List<List<PublicKey>> rescued = new ArrayList<>();
    private Set<PublicKey> removed = Set.of();

    @Override
    public void save(Configuration running) {
      throw new AssertionError("without the removed ones");
    }

    @Override
    public void save(Configuration running, Set<PublicKey> gone) throws IOException {
      if (readOnly) {
        throw new IOException("wg0.conf: Read-only file system");
      }
      removed = gone;
      saved.add(keys(running));
    }

    @Override
    public Path rescue(Configuration running) throws IOException {
      if (noOtherPlace) {
        throw new IOException("no space left");
      }
      rescued.add(keys(running));
      return Path.of("/state/wg0.conf.rescue");
    }

    private static List<PublicKey> keys(Configuration configuration) {
      return configuration.peers().stream().map(PeerSettings::publicKey).toList();
    }
  }

  private static PublicKey key(int number) {
    return ConfigurationBuilder.key(number);
  }

  private ConfiguredInterface up() throws SetupException {
    Configuration configuration =
        new ConfigurationBuilder()
            .address("10.0.0.1/24")
            .peer(1, "10.0.0.2/32")
            .peer(2, "0.0.0.0/0")
            .hooks("pre-up", "post-up", "pre-down", "post-down")
            .save()
            .build();
    return InterfaceSetup.up(world.device, "wg0", configuration, world.tools(), sink);
  }

  private void addAtRunTime(int number) {
    world.device.apply(
        List.of(new PeerChange(key(number), false, false, null, null, null, false, List.of())));
  }

  @Test
  void shouldStayWhenTheStateCannotBeSaved() throws Exception {
    ConfiguredInterface running = up();
    addAtRunTime(3);
    sink.readOnly = true;
    String before = world.state();
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(running::downUnlessThatLosesSomething)
          .hasMessage("SaveConfig: wg0.conf: Read-only file system");
      assertThat(world.state()).isEqualTo(before);
    }
    sink.readOnly = false;
    assertThat(running.downUnlessThatLosesSomething()).isEmpty();
    assertThat(sink.saved).containsExactly(List.of(key(1), key(2), key(3)));
    assertThat(world.network.rules).isEmpty();
    assertThat(sink.rescued).isEmpty();
  }

  @Test
  void shouldStayWhenAPreDownCommandFails() throws Exception {
    ConfiguredInterface running = up();
    String before = world.state();
    world.journal.failingLines.add("hook pre-down");
    assertThatThrownBy(running::downUnlessThatLosesSomething)
        .hasMessage("PreDown `pre-down': ended with status 42");
    assertThat(world.state()).isEqualTo(before);
    assertThat(sink.saved).isEmpty();
  }

  @Test
  void shouldWriteTheStateElsewhereWhenItHasToEnd() throws Exception {
    ConfiguredInterface running = up();
    addAtRunTime(3);
    sink.readOnly = true;
    assertThat(running.down())
        .containsExactly(
            "SaveConfig: wg0.conf: Read-only file system; what ran is in /state/wg0.conf.rescue");
    assertThat(sink.rescued).containsExactly(List.of(key(1), key(2), key(3)));
    assertThat(world.network.rules).isEmpty();
  }

  @Test
  void shouldRescueThePeersOfAnInterfaceThatSomebodyDeleted() throws Exception {
    ConfiguredInterface running = up();
    addAtRunTime(3);
    world.network.links.remove(FakeNetwork.WG);
    assertThat(running.down()).hasSize(1).first().asString().contains("/state/wg0.conf.rescue");
    assertThat(sink.rescued).containsExactly(List.of(key(1), key(2), key(3)));
  }

  @Test
  void shouldSayWhenTheStateIsLost() throws Exception {
    ConfiguredInterface running = up();
    sink.readOnly = true;
    sink.noOtherPlace = true;
    assertThat(running.down())
        .hasSize(1)
        .first()
        .asString()
        .contains("Read-only", "is lost: no space left");
  }

  @Test
  void shouldTellWhichPeersWereRemovedSinceTheFileWasReadOrSaved() throws Exception {
    ConfiguredInterface running = up();
    addAtRunTime(3);
    running.save();
    assertThat(sink.removed).isEmpty();
    world.device.apply(
        List.of(
            new PeerChange(key(3), true, false, null, null, null, false, List.of()),
            new PeerChange(key(1), true, false, null, null, null, false, List.of())));
    running.save();
    assertThat(sink.removed).containsExactlyInAnyOrder(key(1), key(3));
    running.save();
    assertThat(sink.removed).isEmpty();
  }

  @Test
  void shouldPrintWhatCommandsSayAlsoBehindTheDevice() throws Exception {
    ConfiguredInterface running = up();
    List<String> said = new ArrayList<>();
    running.printTo(said::add);
    world.commands.prints.add("words");
    assertThat(running.downUnlessThatLosesSomething()).isEmpty();
    assertThat(said).containsExactly("words");
    assertThat(running.afterDown()).isEmpty();
    assertThat(said).containsExactly("words", "words");
  }
}
