package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.netlink.Route;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.Collection;

/** Routes that are there and ours, on their way to another process: where they lead and stand. */
final class RouteState {
  private RouteState() {}

  /** Is given a route's destination and table. */
  @FunctionalInterface
  interface Taker {
    void take(IpPrefix destination, int table);
  }

  static void save(Collection<Route> routes, StateWriter out) {
    out.int32(routes.size());
    for (Route route : routes) {
      route.destination().save(out);
      out.int32(route.table());
    }
  }

  static void restore(StateReader in, Taker taker) {
    int count = in.count(Integer.MAX_VALUE);
    for (int i = 0; i < count; i++) {
      taker.take(IpPrefix.restored(in), in.int32());
    }
  }
}
