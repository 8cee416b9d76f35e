package io.wgnetty.nftables;

import io.wgnetty.netlink.RequestMessage;
import java.util.function.Consumer;

/**
 * One step of a rule. Steps hand values on in register 1: {@link Load} fills it, {@link Compare}
 * ends the rule for packets that it does not hold for, the rest act.
 */
public final class Expression {
  private final String name;
  private final Consumer<RequestMessage> data;

  Expression(String name, Consumer<RequestMessage> data) {
    this.name = name;
    this.data = data;
  }

  /** Adds it as an element of a rule's list. */
  void appendTo(RequestMessage message) {
    message.nested(
        Nft.NFTA_LIST_ELEM,
        element -> element.attribute(Nft.NFTA_EXPR_NAME, name).nested(Nft.NFTA_EXPR_DATA, data));
  }
}
