package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.tun.LinkState;
import io.wgnetty.tun.TunDevice;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("namespace")
class MtuLimitNamespaceTest {
  private static final String NAME = "wgm" + ProcessHandle.current().pid();

  @Test
  void shouldSetAnMtuBackThatNoDatagramCarries() throws Exception {
    try (TunDevice tun = TunDevice.open(NAME)) {
      var limit = new MtuLimit(tun);
      tun.setMtu(65_535);
      assertThat(limit.bounded(new LinkState(true, 65_535))).isEqualTo(new LinkState(true, 65_475));
      assertThat(tun.mtu()).isEqualTo(65_475);
    }
  }

  @Test
  void shouldLeaveTheLargestThatFits() throws Exception {
    try (TunDevice tun = TunDevice.open(NAME)) {
      tun.setMtu(65_475);
      var state = new LinkState(false, 65_475);
      assertThat(new MtuLimit(tun).bounded(state)).isSameAs(state);
      assertThat(tun.mtu()).isEqualTo(65_475);
    }
  }

  @Test
  void shouldGoOnWhenItCannotBeSetBack() throws Exception {
    TunDevice tun = TunDevice.open(NAME);
    tun.close();
    var state = new LinkState(true, 65_535);
    assertThat(new MtuLimit(tun).bounded(state)).isSameAs(state);
  }
}
