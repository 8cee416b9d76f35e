package io.wgnetty.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.setup.AnnouncedRoutes;
import io.wgnetty.setup.BesideChange;
import io.wgnetty.setup.ClusterOptions;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.FileClaims;
import io.wgnetty.setup.PeersBeside;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Which source counts, of an interface for which none can be opened. */
class DirectoryRunTest {
  private final DirectoryRun run = new DirectoryRun();

  private static final class NoPeers implements PeersBeside {
    @Override
    public String interfaceName() {
      return "wg0";
    }

    @Override
    public DeviceControl device() {
      throw new UnsupportedOperationException();
    }

    @Override
    public void onFileChange(Runnable listener) {}

    @Override
    public void onChange(Consumer<List<PublicKey>> listener) {}

    @Override
    public AnnouncedRoutes announce(int table) {
      throw new UnsupportedOperationException();
    }

    @Override
    public FileClaims file() {
      return FileClaims.NONE;
    }

    @Override
    public void apply(List<BesideChange> changes) {}
  }

  @Test
  void shouldSayThatTheCommentIsAnother() throws Exception {
    run.start(new NoPeers(), DirectoryOptions.NONE, null, ClusterOptions.NONE);
    assertThat(run.status()).isNull();
    assertThat(run.afterReload(null)).isNull();
    assertThat(run.afterReload("dir:/etc/wg0.d")).contains("next start");
  }

  @Test
  void shouldWantADirectoryForACluster() {
    assertThatThrownBy(
            () -> run.start(new NoPeers(), DirectoryOptions.NONE, null, ClusterOptions.named("a")))
        .hasMessageContaining("--peers is missing");
  }

  @Test
  void shouldNotMindTheCommentBehindAnOption() {
    // The part that knows sources is not among these tests.
    assertThatThrownBy(
            () ->
                run.start(
                    new NoPeers(), DirectoryOptions.of("dir:/a"), "dir:/b", ClusterOptions.NONE))
        .hasMessageContaining("wg-peers is missing");
    assertThat(run.afterReload("dir:/c")).isNull();
  }
}
