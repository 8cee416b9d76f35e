package io.wgnetty.nftables;

import java.util.List;

/** A rule: what its expressions say one after the other, until one does not hold. */
public record FilterRule(List<Expression> expressions) {
  public FilterRule {
    expressions = List.copyOf(expressions);
  }
}
