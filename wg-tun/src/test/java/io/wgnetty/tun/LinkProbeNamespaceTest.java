package io.wgnetty.tun;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@SuppressWarnings("try") // a device is closed before its time
class LinkProbeNamespaceTest {
  @ParameterizedTest
  @CsvSource({
    "6.18.44-fc, true",
    "5.3.0, true",
    "5.10.0-8-amd64, true",
    "5.2.21, false",
    "4.18.0-553.el8.x86_64, false",
    "strange, false"
  })
  void shouldKnowFromWhichKernelOnTheDriverTells(String release, boolean tells) {
    assertThat(LinkProbe.driverTells(release)).isEqualTo(tells);
  }

  @Tag("namespace")
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void shouldFindOutWhetherAnInterfaceIsUp(boolean driverTells) throws Exception {
    String name = TestNamespace.uniqueName();
    try (TunDevice device = TunDevice.open(name);
        LinkProbe probe = new LinkProbe(device, driverTells)) {
      assertThat(probe.isUp()).isFalse();
      TestNamespace.run("ip", "link", "set", name, "up");
      assertThat(probe.isUp()).isTrue();
      TestNamespace.run("ip", "link", "set", name, "down");
      assertThat(probe.isUp()).isFalse();
      device.close();
      assertThat(probe.isUp()).isFalse();
    }
  }

  @Tag("namespace")
  @Test
  void shouldTellGoingUpOnlyWhileItIsAskedTo() throws Exception {
    String name = TestNamespace.uniqueName();
    var set = new PollSet(1);
    try (TunDevice device = TunDevice.open(name);
        LinkProbe probe = new LinkProbe(device)) {
      probe.watch(true);
      probe.watch(true);
      assertThat(tells(set, probe)).isFalse();
      TestNamespace.run("ip", "link", "set", name, "up");
      assertThat(tells(set, probe)).isTrue();
      probe.watch(false);
      assertThat(tells(set, probe)).isFalse();
      probe.watch(true);
      assertThat(tells(set, probe)).isTrue();
      device.close();
      probe.watch(false);
      assertThat(tells(set, probe)).isFalse();
    }
  }

  private static boolean tells(PollSet set, LinkProbe probe) {
    set.set(0, probe.descriptor(), Libc.POLLIN);
    set.poll(0);
    return set.found(0) != 0;
  }
}
