package io.wgnetty.nftables;

import io.wgnetty.netlink.NetlinkException;

/** The packet filter's tables. */
public interface FilterTables {
  /**
   * Makes a table, in place of one of that name, in one step.
   *
   * @throws UnsupportedFilterException if the kernel has no nf_tables, or not what the rules need;
   *     then nothing was changed
   * @throws NetlinkException if it refuses; then nothing was changed
   */
  void replace(FilterTable table) throws NetlinkException, UnsupportedFilterException;

  /** Whether there is a table of that name; not if the kernel has no nf_tables. */
  boolean has(FilterFamily family, String name) throws NetlinkException;

  /** Removes the table of that name; it is no error if there is none. */
  void remove(FilterFamily family, String name) throws NetlinkException, UnsupportedFilterException;
}
