package io.wgnetty.netlink;

import io.wgnetty.allowedips.IpPrefix;

/**
 * A route that leads out of an interface directly, or refuses what goes by it.
 *
 * @param linkIndex the interface; 0 if there is none
 * @param table the number of its table
 * @param refusalMetric the metric of a route that refuses, as unsigned number, the smaller the
 *     sooner it is taken; 0 for one that leads somewhere, whose metric is the kernel's choice
 */
public record Route(IpPrefix destination, int linkIndex, int table, int refusalMetric) {
  /** The table that everybody's routes are in. */
  public static final int MAIN_TABLE = 254;

  /** A route that leads out. */
  public Route(IpPrefix destination, int linkIndex, int table) {
    this(destination, linkIndex, table, 0);
  }

  /** A route whose packets are answered with "unreachable". */
  public static Route unreachable(IpPrefix destination, int table, int metric) {
    return new Route(destination, 0, table, metric);
  }

  /** {@code 192.0.2.0/24}, or {@code unreachable 192.0.2.0/24 in table 5}. */
  @Override
  public String toString() {
    return (refusalMetric == 0 ? "" : "unreachable ")
        + destination
        + (table == MAIN_TABLE ? "" : " in table " + table);
  }
}
