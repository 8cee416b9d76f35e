package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Errno;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.Route;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * Routes beneath those of the interface that refuse what the interface would carry: should its node
 * be killed, the interface goes with its routes, and these stay, so that nothing leaves in the
 * clear. The next run takes them over, or away.
 *
 * <p>All traffic that goes through the interface by policy rules has such a route anyway, {@link
 * KilledRun}.
 */
final class RefusedRoutes {
  private static final String STEP = "route";

  private final String name;
  private final KernelNetwork network;
  private final boolean wanted;
  private final Set<Route> ours = new LinkedHashSet<>();

  /** {@code wanted} is whether there are to be any. */
  RefusedRoutes(String name, KernelNetwork network, boolean wanted) {
    this.name = name;
    this.network = network;
    this.wanted = wanted;
  }

  private Route beneath(Route route) {
    return KilledRun.refusal(route.destination(), name, route.table());
  }

  /**
   * The interface's routes are to be these: what a run has left that was killed becomes ours where
   * it is wanted, and goes where it is not.
   */
  void begin(Collection<Route> routes) throws SetupException {
    Set<Integer> tables = new HashSet<>(Set.of(Route.MAIN_TABLE));
    routes.forEach(route -> tables.add(route.table()));
    try {
      for (int table : tables) {
        ours.addAll(left(table));
      }
      change(wanted ? routes : List.of());
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
  }

  private Set<Route> left(int table) throws NetlinkException {
    Set<Route> left = new LinkedHashSet<>();
    for (boolean ipv6 : new boolean[] {false, true}) {
      for (Route route : network.refusals(ipv6, table)) {
        if (route.equals(beneath(route)) && route.destination().length() > 0) {
          left.add(route);
        }
      }
    }
    return left;
  }

  /** From now on beneath these, and no others. */
  void replace(Collection<Route> routes) throws SetupException {
    if (wanted) {
      try {
        change(routes);
      } catch (NetlinkException e) {
        throw new SetupException(STEP, "", e);
      }
    }
  }

  /** The same for a part: what was beneath those to {@code before} goes, unless it is wanted. */
  void replaceOnly(Set<IpPrefix> before, Collection<Route> routes) throws SetupException {
    List<Route> all = new ArrayList<>(routes);
    ours.stream().filter(route -> !before.contains(route.destination())).forEach(all::add);
    replace(all);
  }

  private void change(Collection<Route> routes) throws NetlinkException {
    Set<Route> target = new LinkedHashSet<>();
    routes.forEach(route -> target.add(beneath(route)));
    for (Route route : target) {
      if (!ours.contains(route)) {
        addRefusal(route);
      }
    }
    for (Route route : List.copyOf(ours)) {
      if (!target.contains(route)) {
        removeRefusal(route);
      }
    }
  }

  /** Also beneath this one. */
  void add(Route route) throws SetupException {
    attempt(route, this::addRefusal);
  }

  /** No longer beneath this one. */
  void remove(Route route) throws SetupException {
    attempt(route, this::removeRefusal);
  }

  /** What is done with one of them. */
  @FunctionalInterface
  private interface Action {
    void on(Route refusal) throws NetlinkException;
  }

  private void attempt(Route route, Action action) throws SetupException {
    if (wanted) {
      try {
        action.on(beneath(route));
      } catch (NetlinkException e) {
        throw new SetupException(STEP, beneath(route).toString(), e);
      }
    }
  }

  private void addRefusal(Route refusal) throws NetlinkException {
    try {
      network.addRoute(refusal);
    } catch (NetlinkException e) {
      if (e.errno() != Errno.EEXIST) { // which no other program has made: the metric is ours
        throw e;
      }
    }
    ours.add(refusal);
  }

  private void removeRefusal(Route refusal) throws NetlinkException {
    KilledRun.unlessGone(() -> network.removeRoute(refusal));
    ours.remove(refusal);
  }

  void removeAll() throws SetupException {
    try {
      for (Route route : List.copyOf(ours).reversed()) {
        removeRefusal(route);
      }
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
  }

  /** Writes down which are there. */
  void save(StateWriter out) {
    RouteState.save(ours, out);
  }

  /** Those that {@link #save} wrote down are there, and ours. */
  void restore(StateReader in) {
    RouteState.restore(in, (prefix, table) -> ours.add(KilledRun.refusal(prefix, name, table)));
  }

  /**
   * Removes what a run has left that was killed.
   *
   * @param table where the file has its routes
   * @return whether there was something
   */
  boolean removeLeftover(int table) throws SetupException {
    try {
      for (int each : new int[] {Route.MAIN_TABLE, table}) {
        ours.addAll(left(each));
      }
    } catch (NetlinkException e) {
      throw new SetupException(STEP, "", e);
    }
    boolean any = !ours.isEmpty();
    removeAll();
    return any;
  }
}
