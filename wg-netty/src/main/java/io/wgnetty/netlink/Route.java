package io.wgnetty.netlink;

import io.wgnetty.peer.IpPrefix;

/**
 * A route that leads out of an interface directly.
 *
 * @param linkIndex the interface; 0 if there is none
 * @param table the number of its table
 */
public record Route(IpPrefix destination, int linkIndex, int table) {
  /** The table that everybody's routes are in. */
  public static final int MAIN_TABLE = 254;

  /** {@code 192.0.2.0/24}, or {@code 192.0.2.0/24 in table 5}. */
  @Override
  public String toString() {
    return destination + (table == MAIN_TABLE ? "" : " in table " + table);
  }
}
