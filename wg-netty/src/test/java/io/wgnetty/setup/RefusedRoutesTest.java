package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Route;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Nothing leaves in the clear after a node was killed. */
class RefusedRoutesTest {
  private final FakeNetwork network = new FakeNetwork(new Journal());
  private final AllowedIpRoutes routes = routes(true);

  private AllowedIpRoutes routes(boolean failClosed) {
    return new AllowedIpRoutes(
        network, FakeNetwork.WG, new RefusedRoutes("wg0", network, failClosed));
  }

  private static Route route(String prefix) {
    return new Route(IpPrefix.parse(prefix), FakeNetwork.WG, Route.MAIN_TABLE);
  }

  private static Route refusal(String prefix) {
    return KilledRun.refusal(IpPrefix.parse(prefix), "wg0", Route.MAIN_TABLE);
  }

  /** With the interface go its routes. */
  private void kill() {
    network.routes.removeIf(route -> route.linkIndex() == FakeNetwork.WG);
  }

  private static ReloadReport.Builder report() {
    return new ReloadReport.Builder();
  }

  @Test
  void shouldBeBeneathTheInterfacesRoutesAndStayWithoutThem() throws Exception {
    network.routes.add(route("10.0.0.0/8")); // with its address
    routes.add(List.of(route("10.1.0.0/16"), route("fd01::/48")));
    assertThat(network.routes)
        .contains(route("fd01::/48"), refusal("10.1.0.0/16"), refusal("fd01::/48"));
    kill();
    assertThat(network.routes)
        .containsExactlyInAnyOrder(refusal("10.1.0.0/16"), refusal("fd01::/48"));
  }

  @Test
  void shouldGoWithTheInterfaceThatIsTakenDown() throws Exception {
    routes.add(List.of(route("10.1.0.0/16"), route("fd01::/48")));
    routes.removeAll();
    assertThat(network.routes).isEmpty();
  }

  @Test
  void shouldFollowTheFile() throws Exception {
    routes.add(List.of(route("10.1.0.0/16"), route("10.2.0.0/16")));
    routes.change(List.of(route("10.2.0.0/16"), route("10.3.0.0/16")), report());
    kill();
    assertThat(network.routes)
        .containsExactlyInAnyOrder(refusal("10.2.0.0/16"), refusal("10.3.0.0/16"));
  }

  @Test
  void shouldFollowOnePeer() throws Exception {
    network.routes.add(route("10.0.0.0/8"));
    routes.add(List.of(route("10.1.0.0/16"), route("192.0.2.0/24")));
    routes.changeOnly(
        Set.of(IpPrefix.parse("192.0.2.0/24")), List.of(route("198.51.100.0/24")), report());
    kill();
    assertThat(network.routes)
        .containsExactlyInAnyOrder(refusal("10.1.0.0/16"), refusal("198.51.100.0/24"));
  }

  @Test
  void shouldFollowPeersBesideTheFile() throws Exception {
    routes.add(List.of());
    routes.beside(List.of(route("10.1.0.0/16"), route("10.2.0.0/16")), List.of(), failure -> {});
    routes.beside(List.of(), List.of(route("10.1.0.0/16")), failure -> {});
    kill();
    assertThat(network.routes).containsExactly(refusal("10.2.0.0/16"));
  }

  @Test
  void shouldBeTakenOverByTheNextRun() throws Exception {
    routes.add(List.of(route("10.1.0.0/16"), route("10.2.0.0/16")));
    kill();
    AllowedIpRoutes next = routes(true);
    next.add(List.of(route("10.2.0.0/16")));
    assertThat(network.routes)
        .containsExactlyInAnyOrder(route("10.2.0.0/16"), refusal("10.2.0.0/16"));
    next.removeAll();
    assertThat(network.routes).isEmpty();
  }

  @Test
  void shouldBeTakenAwayByTheNextRunThatDoesNotWantThem() throws Exception {
    Route others = KilledRun.refusal(IpPrefix.parse("10.1.0.0/16"), "wg1", Route.MAIN_TABLE);
    routes.add(List.of(route("10.1.0.0/16"), route("10.2.0.0/16")));
    network.routes.add(others);
    kill();
    routes(false).add(List.of(route("10.2.0.0/16")));
    assertThat(network.routes).containsExactlyInAnyOrder(others, route("10.2.0.0/16"));
  }

  @Test
  void shouldBeTakenAwayWithWhatElseIsLeft() throws Exception {
    routes.add(List.of(route("10.1.0.0/16"), route("fd01::/48")));
    kill();
    var left = new RefusedRoutes("wg0", network, false);
    assertThat(left.removeLeftover(Route.MAIN_TABLE)).isTrue();
    assertThat(network.routes).isEmpty();
    assertThat(left.removeLeftover(Route.MAIN_TABLE)).isFalse();
  }
}
