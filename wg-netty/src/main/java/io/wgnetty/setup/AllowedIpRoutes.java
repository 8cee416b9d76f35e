package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.Route;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The routes to allowed IPs that we have made. */
final class AllowedIpRoutes {
  private static final String STEP = "route";

  /** A report names as many routes, and counts the others. */
  private static final int MAX_NAMED = 3;

  private final KernelNetwork network;
  private final int linkIndex;
  private final RefusedRoutes refused;
  private final Set<Route> ours = new LinkedHashSet<>();

  /** Those of ours that lead to peers beside the file, as far as they are wanted. */
  private final Set<Route> beside = new LinkedHashSet<>();

  /** Where the interface leads by routes that are not ours, when that was last looked at. */
  private @Nullable PrefixCover others;

  /** {@code refused} are beneath them, and where the interface leads anyway. */
  AllowedIpRoutes(KernelNetwork network, int linkIndex, RefusedRoutes refused) {
    this.network = network;
    this.linkIndex = linkIndex;
    this.refused = refused;
  }

  /** Makes the first routes, but for those to where the interface leads already. */
  void add(List<Route> routes) throws SetupException {
    refused.begin(routes);
    for (Route route : withoutCovered(routes, present(routes))) {
      add(route);
    }
  }

  /** Routes of the same interface that say which peers are here. */
  AnnouncedRoutes announced(int table) {
    return new AnnouncedRoutes(network, linkIndex, table);
  }

  private void add(Route route) throws SetupException {
    try {
      network.addRoute(route);
      ours.add(route);
    } catch (NetlinkException e) {
      if (e.errno() == Errno.EEXIST) {
        throw new SetupException(
            STEP,
            route.toString(),
            "there is such a route already, through another interface or another program: remove"
                + " it, or this prefix from AllowedIPs, or use Table");
      }
      throw new SetupException(STEP, route.toString(), e);
    }
  }

  private void remove(Route route) throws SetupException {
    try {
      network.removeRoute(route);
    } catch (NetlinkException e) {
      // Gone already: with the link, with the last address of its family, or by hand.
      if (e.errno() != Errno.ESRCH && e.errno() != Errno.ENODEV) {
        throw new SetupException(STEP, route.toString(), e);
      }
    }
    ours.remove(route);
  }

  void removeAll() throws SetupException {
    for (Route route : List.copyOf(ours).reversed()) {
      remove(route);
    }
    refused.removeAll();
  }

  /**
   * The main table's routes need not lead where the interface's own addresses lead; other tables
   * have none of those.
   */
  private List<Route> withoutCovered(List<Route> routes, Set<Route> present) {
    List<Route> others =
        present.stream()
            .filter(route -> route.table() == Route.MAIN_TABLE && !ours.contains(route))
            .toList();
    var cover = new PrefixCover(others);
    return routes.stream()
        .filter(route -> route.table() != Route.MAIN_TABLE || !cover.holds(route.destination()))
        .toList();
  }

  /** The interface's routes in the tables and families of these. */
  private Set<Route> present(List<Route> routes) throws SetupException {
    Set<Route> present = new HashSet<>();
    try {
      for (boolean ipv6 : new boolean[] {false, true}) {
        List<Integer> tables =
            routes.stream()
                .filter(route -> route.destination().isIpv6() == ipv6)
                .map(Route::table)
                .distinct()
                .toList();
        for (int table : tables) {
          present.addAll(network.routes(ipv6, table, linkIndex));
        }
      }
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
    return present;
  }

  /** Makes ours those that are wanted, and says in the report what that took. */
  void change(List<Route> wanted, ReloadReport.Builder report) throws SetupException {
    Set<Route> both = new LinkedHashSet<>(wanted);
    both.addAll(beside);
    report.attempt("", () -> refused.replace(both));
    changeOurs(wanted, report);
  }

  private void changeOurs(List<Route> wanted, ReloadReport.Builder report) throws SetupException {
    List<Route> all = new ArrayList<>(wanted);
    all.addAll(ours);
    all.addAll(beside);
    Set<Route> present = present(all);
    Set<Route> both = new LinkedHashSet<>(wanted);
    both.addAll(beside);
    List<Route> target = withoutCovered(List.copyOf(both), present);
    others = null; // addresses may be others by now
    Set<Route> targetSet = new HashSet<>(target);
    List<Route> surplus = ours.stream().filter(route -> !targetSet.contains(route)).toList();
    List<Route> missing = target.stream().filter(route -> !present.contains(route)).toList();
    // New ones first, so that no address is without a way meanwhile.
    List<Route> added = tried(missing, report, this::add);
    List<Route> removed = tried(surplus, report, this::remove);
    tell(report, added, "added");
    tell(report, removed, "removed");
  }

  /**
   * The same for a part of them: what leads to {@code before} goes, unless it is wanted; other
   * routes stay as they are.
   */
  void changeOnly(Set<IpPrefix> before, List<Route> wanted, ReloadReport.Builder report)
      throws SetupException {
    List<Route> all = new ArrayList<>(wanted);
    ours.stream().filter(route -> !before.contains(route.destination())).forEach(all::add);
    report.attempt("", () -> refused.replaceOnly(before, wanted));
    changeOurs(all, report);
  }

  /**
   * Routes to peers beside the file: some come, some go. Costs what these routes cost, however many
   * there are.
   */
  void beside(List<Route> coming, List<Route> going, Consumer<String> failures) {
    beside.removeAll(new HashSet<>(going));
    beside.addAll(coming);
    try {
      PrefixCover cover = others();
      for (Route route : coming) {
        attempt(route, refused::add, failures);
        boolean covered = route.table() == Route.MAIN_TABLE && cover.holds(route.destination());
        if (!covered && !ours.contains(route)) {
          attempt(route, this::add, failures);
        }
      }
    } catch (SetupException e) {
      failures.accept(String.valueOf(e.getMessage()));
    }
    for (Route route : going) {
      attempt(route, refused::remove, failures);
      if (ours.contains(route)) {
        attempt(route, this::remove, failures);
      }
    }
  }

  private PrefixCover others() throws SetupException {
    PrefixCover cover = others;
    if (cover == null) {
      try {
        List<Route> present = new ArrayList<>(network.routes(false, Route.MAIN_TABLE, linkIndex));
        present.addAll(network.routes(true, Route.MAIN_TABLE, linkIndex));
        present.removeIf(ours::contains);
        cover = new PrefixCover(present);
      } catch (NetlinkException e) {
        throw new SetupException(STEP, "", e);
      }
      others = cover;
    }
    return cover;
  }

  /** Writes down which routes are ours. */
  void save(StateWriter out) {
    RouteState.save(ours, out);
    RouteState.save(beside, out);
    refused.save(out);
  }

  /** The routes that {@link #save} wrote down are ours; they are there. */
  void restore(StateReader in) {
    RouteState.restore(in, (prefix, table) -> ours.add(new Route(prefix, linkIndex, table)));
    RouteState.restore(in, (prefix, table) -> beside.add(new Route(prefix, linkIndex, table)));
    refused.restore(in);
  }

  private static void attempt(Route route, Action action, Consumer<String> failures) {
    try {
      action.on(route);
    } catch (SetupException e) {
      failures.accept(String.valueOf(e.getMessage()));
    }
  }

  /** What is done with a route. */
  @FunctionalInterface
  private interface Action {
    void on(Route route) throws SetupException;
  }

  private static List<Route> tried(List<Route> routes, ReloadReport.Builder report, Action action) {
    List<Route> done = new ArrayList<>();
    for (Route route : routes) {
      report.attempt(
          "",
          () -> {
            action.on(route);
            done.add(route);
          });
    }
    return done;
  }

  private static void tell(ReloadReport.Builder report, List<Route> routes, String done) {
    if (routes.size() > MAX_NAMED) {
      report.changed(routes.size() + " routes " + done);
    } else {
      routes.forEach(route -> report.changed("route " + route + " " + done));
    }
  }
}
