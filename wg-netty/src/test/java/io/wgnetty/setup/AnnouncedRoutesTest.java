package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Routes to peers that are here. */
class AnnouncedRoutesTest {
  private static final int TABLE = 200;

  private final FakeNetwork network = new FakeNetwork(new Journal());
  private final AnnouncedRoutes routes = new AnnouncedRoutes(network, FakeNetwork.WG, TABLE);
  private final List<String> failures = new ArrayList<>();

  @AfterEach
  void leavesNothing() {
    routes.removeAll(failures::add);
    assertThat(network.protocols).isEmpty();
  }

  private static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    return PublicKey.of(bytes);
  }

  private void set(int number, String... prefixes) {
    routes.set(key(number), Stream.of(prefixes).map(IpPrefix::parse).toList(), failures::add);
  }

  private static Route route(String prefix) {
    return new Route(IpPrefix.parse(prefix), FakeNetwork.WG, TABLE);
  }

  @Test
  void shouldHaveRoutesOfItsOwnNumberAsLongAsAPeerIsHere() {
    set(1, "10.0.0.1/32", "fd00::1/128", "0.0.0.0/0", "::/0");
    assertThat(network.protocols)
        .containsOnlyKeys(route("10.0.0.1/32"), route("fd00::1/128"))
        .containsValue(AnnouncedRoutes.PROTOCOL);
    assertThat(routes.size()).isEqualTo(2);
    routes.remove(key(1), failures::add);
    routes.remove(key(1), failures::add);
    assertThat(network.routes).isEmpty();
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldFollowAPeersPrefixes() {
    set(1, "10.0.0.1/32", "10.1.0.0/16");
    set(1, "10.0.0.1/32", "10.2.0.0/16");
    assertThat(network.routes)
        .containsExactlyInAnyOrder(route("10.0.0.1/32"), route("10.2.0.0/16"));
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldKeepTheRouteOfAPrefixThatGoesFromPeerToPeer() {
    set(1, "10.0.0.1/32");
    set(2, "10.0.0.1/32");
    set(1);
    routes.remove(key(1), failures::add);
    assertThat(network.routes).containsExactly(route("10.0.0.1/32"));
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldSayOnceWhatCannotBeAndTryAgain() throws NetlinkException {
    network.addRoute(route("10.0.0.1/32")); // somebody else's
    set(1, "10.0.0.1/32");
    routes.restore(failures::add);
    assertThat(failures).hasSize(1).first().asString().contains("10.0.0.1/32");
    assertThat(routes.size()).isZero();
    network.removeRoute(route("10.0.0.1/32"));
    routes.restore(failures::add);
    assertThat(routes.size()).isEqualTo(1);
    assertThat(network.protocols).containsOnlyKeys(route("10.0.0.1/32"));
  }

  @Test
  void shouldRemoveWhatAKilledRunHasLeftAndNothingOfOthers() throws NetlinkException {
    network.addRoute(route("10.0.0.1/32"), AnnouncedRoutes.PROTOCOL);
    network.addRoute(route("10.0.0.2/32"));
    routes.restore(failures::add);
    assertThat(network.routes).containsExactly(route("10.0.0.2/32"));
  }
}
