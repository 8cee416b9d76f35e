package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.netlink.NetlinkException;
import org.junit.jupiter.api.Test;

class TunnelLinkTest {
  private static final String ALL = "net/ipv4/conf/all/send_redirects";

  private final FakeWorld world = new FakeWorld();

  private void prepare() throws NetlinkException {
    new TunnelLink("wg0", world.network, world).prepare();
  }

  @Test
  void shouldSwitchRedirectsAndLinkLocalAddressesOff() throws Exception {
    world.settings.put(ALL, "1");
    prepare();
    assertThat(world.journal.lines())
        .containsExactly(
            "link without redirects", ALL + " = 0", "link without link-local addresses");
  }

  @Test
  void shouldDoTheRestWhereOneIsRefused() throws Exception {
    world.settings.put(ALL, "1");
    world.journal.failingLines.add("link without redirects");
    world.journal.failingLines.add(ALL + " = 0");
    prepare();
    assertThat(world.journal.lines()).last().isEqualTo("link without link-local addresses");
  }

  @Test
  void shouldNotWriteWhatIsOffAlready() throws Exception {
    world.settings.put(ALL, "0");
    prepare();
    assertThat(world.journal.lines()).noneMatch(line -> line.startsWith(ALL));
  }

  @Test
  void shouldLeaveAnInterfaceOfAnotherNamespaceAlone() throws Exception {
    world.network.links.remove(FakeNetwork.WG);
    prepare();
    assertThat(world.journal.lines()).isEmpty();
  }
}
