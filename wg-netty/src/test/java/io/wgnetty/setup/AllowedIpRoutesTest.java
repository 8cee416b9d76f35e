package io.wgnetty.setup;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Route;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Routes to peers beside the file. */
class AllowedIpRoutesTest {
  private final FakeNetwork network = new FakeNetwork(new Journal());
  private final AllowedIpRoutes routes = routes(false);
  private final List<String> failures = new ArrayList<>();

  private static Route route(String prefix) {
    return new Route(IpPrefix.parse(prefix), FakeNetwork.WG, Route.MAIN_TABLE);
  }

  private static Route elsewhere(String prefix) {
    return new Route(IpPrefix.parse(prefix), FakeNetwork.ETHERNET, Route.MAIN_TABLE);
  }

  private AllowedIpRoutes routes(boolean failClosed) {
    return new AllowedIpRoutes(
        network, FakeNetwork.WG, new RefusedRoutes("wg0", network, failClosed));
  }

  private void beside(List<Route> coming, List<Route> going) {
    routes.beside(coming, going, failures::add);
  }

  @Test
  void shouldMakeAndRemoveThem() {
    beside(List.of(route("10.1.0.0/16"), route("fd01::/48")), List.of());
    assertThat(network.routes).containsExactly(route("10.1.0.0/16"), route("fd01::/48"));
    beside(List.of(route("10.2.0.0/16")), List.of(route("10.1.0.0/16")));
    assertThat(network.routes).containsExactly(route("fd01::/48"), route("10.2.0.0/16"));
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldMakeNoneToWhereTheInterfaceLeadsAlready() {
    network.routes.add(route("10.0.0.0/8")); // with its address
    beside(List.of(route("10.1.0.0/16"), route("192.0.2.0/24")), List.of());
    assertThat(network.routes).containsExactly(route("10.0.0.0/8"), route("192.0.2.0/24"));
    beside(List.of(), List.of(route("10.1.0.0/16")));
    assertThat(network.routes).as("not ours").contains(route("10.0.0.0/8"));
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldMakeOneOnceAndSayWhatFails() {
    network.routes.add(elsewhere("10.1.0.0/16"));
    beside(List.of(route("10.1.0.0/16"), route("10.2.0.0/16")), List.of());
    assertThat(failures).singleElement().asString().contains("10.1.0.0/16", "already");
    assertThat(network.routes).as("the others are made").contains(route("10.2.0.0/16"));
    failures.clear();
    beside(List.of(route("10.2.0.0/16")), List.of());
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldNotMindThatSomebodyElseRemovedOne() {
    beside(List.of(route("10.1.0.0/16")), List.of());
    network.routes.clear();
    beside(List.of(), List.of(route("10.1.0.0/16")));
    assertThat(failures).isEmpty();
  }

  @Test
  void shouldKeepThemWhenTheFilesRoutesChange() throws SetupException {
    beside(List.of(route("10.1.0.0/16")), List.of());
    routes.change(List.of(route("10.3.0.0/16")), new ReloadReport.Builder());
    assertThat(network.routes).containsExactly(route("10.1.0.0/16"), route("10.3.0.0/16"));
    routes.change(List.of(), new ReloadReport.Builder());
    assertThat(network.routes).containsExactly(route("10.1.0.0/16"));
    routes.removeAll();
    assertThat(network.routes).isEmpty();
  }
}
