package io.wgnetty.nftables;

import io.wgnetty.netlink.NetlinkException;

/** This kernel has no nf_tables, or lacks a part of it. */
public final class UnsupportedFilterException extends Exception {
  private static final long serialVersionUID = 1L;

  public UnsupportedFilterException(NetlinkException cause) {
    super("the kernel has no nf_tables for it: " + cause.getMessage(), cause);
  }
}
