package io.wgnetty.nftables;

import java.util.List;

/** A table of the packet filter, with all that is in it. */
public record FilterTable(FilterFamily family, String name, List<FilterChain> chains) {
  public FilterTable {
    chains = List.copyOf(chains);
  }

  /** As nft names it: {@code ip wg-quick-wg0}. */
  @Override
  public String toString() {
    return family + " " + name;
  }
}
