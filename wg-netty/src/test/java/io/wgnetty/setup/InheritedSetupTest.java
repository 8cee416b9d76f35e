package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

/** What was set up around an interface, when another process goes on with it. */
class InheritedSetupTest {
  private final FakeWorld world = new FakeWorld();

  private static ConfigurationBuilder everything() {
    return new ConfigurationBuilder()
        .address("10.0.0.1/24")
        .dns("192.0.2.53")
        .isolate()
        .peer(1, "10.9.0.0/16")
        .peer(2, "0.0.0.0/0")
        .hooks("pre-up", "post-up", "pre-down", "post-down");
  }

  private static byte[] described(ConfiguredInterface configured) {
    try (StateWriter out = new StateWriter()) {
      configured.state().describe(out);
      byte[] bytes = new byte[out.size()];
      out.written().get(bytes);
      return bytes;
    }
  }

  private ConfiguredInterface inherited(byte[] state) throws Exception {
    return InterfaceSetup.inherited(
        world.device,
        "wg0",
        everything().build(),
        world.tools(),
        configuration -> {},
        true,
        new StateReader(ByteBuffer.wrap(state)));
  }

  @Test
  void shouldChangeNothingAndRunNoHooks() throws Exception {
    byte[] state = described(world.upFailClosed(everything()));
    String before = world.state();
    ConfiguredInterface heir = inherited(state);
    assertThat(world.state()).isEqualTo(before);
    assertThat(heir.state().isOf(everything().build())).isTrue();
    assertThat(heir.state().isOf(everything().peer(3, "10.8.0.0/16").build())).isFalse();
    // Written down once more it is the same.
    assertThat(described(heir)).isEqualTo(state);
  }

  @Test
  void shouldFindNothingToReload() throws Exception {
    ConfiguredInterface heir = inherited(described(world.upFailClosed(everything())));
    String before = world.state();
    ReloadReport report = heir.reload(everything().build());
    assertThat(report.failures()).isEmpty();
    assertThat(world.state()).isEqualTo(before);
  }

  @Test
  void shouldTakeDownAllThatTheOtherHasSetUp() throws Exception {
    ConfiguredInterface first = world.upFailClosed(everything());
    byte[] state = described(first);
    assertThat(first.down()).isEmpty();
    assertThat(first.afterDown()).isEmpty();
    String wanted = world.state();

    FakeWorld again = new FakeWorld();
    byte[] same = described(again.upFailClosed(everything()));
    assertThat(same).isEqualTo(state);
    ConfiguredInterface heir =
        InterfaceSetup.inherited(
            again.device,
            "wg0",
            everything().build(),
            again.tools(),
            configuration -> {},
            true,
            new StateReader(ByteBuffer.wrap(same)));
    assertThat(heir.down()).isEmpty();
    assertThat(heir.afterDown()).isEmpty();
    assertThat(again.state()).isEqualTo(wanted);
  }

  @Test
  void shouldRefuseWhatIsCutOff() throws Exception {
    byte[] state = described(world.upFailClosed(everything()));
    for (int length = 0; length < state.length; length++) {
      byte[] part = Arrays.copyOf(state, length);
      assertThatThrownBy(() -> inherited(part)).isInstanceOf(MalformedStateException.class);
    }
  }
}
