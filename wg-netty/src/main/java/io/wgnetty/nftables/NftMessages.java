package io.wgnetty.nftables;

import io.wgnetty.netlink.RequestMessage;
import java.util.ArrayList;
import java.util.List;

/** The messages of a batch. */
final class NftMessages {
  private static final int UNSPECIFIED = 0;
  private static final int ACCEPT = 1;

  private NftMessages() {}

  static RequestMessage begin() {
    return header(Nft.NFNL_MSG_BATCH_BEGIN, 0, UNSPECIFIED, Nft.NFNL_SUBSYS_NFTABLES);
  }

  static RequestMessage end() {
    return header(Nft.NFNL_MSG_BATCH_END, 0, UNSPECIFIED, Nft.NFNL_SUBSYS_NFTABLES);
  }

  static RequestMessage newTable(FilterFamily family, String name) {
    return message(Nft.NFT_MSG_NEWTABLE, Nft.NLM_F_CREATE, family)
        .attribute(Nft.NFTA_TABLE_NAME, name)
        .about("table " + family + " " + name);
  }

  static RequestMessage deleteTable(FilterFamily family, String name) {
    return message(Nft.NFT_MSG_DELTABLE, 0, family)
        .attribute(Nft.NFTA_TABLE_NAME, name)
        .about("removal of table " + family + " " + name);
  }

  static RequestMessage getTable(FilterFamily family, String name) {
    return message(Nft.NFT_MSG_GETTABLE, 0, family)
        .attribute(Nft.NFTA_TABLE_NAME, name)
        .about("table " + family + " " + name);
  }

  /** All that makes a table, without the batch's beginning and end. */
  static List<RequestMessage> creation(FilterTable table) {
    List<RequestMessage> messages = new ArrayList<>();
    messages.add(newTable(table.family(), table.name()));
    table.chains().forEach(chain -> messages.add(newChain(table, chain)));
    for (FilterChain chain : table.chains()) {
      chain.rules().forEach(rule -> messages.add(newRule(table, chain, rule)));
    }
    return messages;
  }

  private static RequestMessage newChain(FilterTable table, FilterChain chain) {
    return message(Nft.NFT_MSG_NEWCHAIN, Nft.NLM_F_CREATE, table.family())
        .attribute(Nft.NFTA_CHAIN_TABLE, table.name())
        .attribute(Nft.NFTA_CHAIN_NAME, chain.name())
        .nested(
            Nft.NFTA_CHAIN_HOOK,
            hook ->
                hook.attributeBigEndian(Nft.NFTA_HOOK_HOOKNUM, chain.hook().number())
                    .attributeBigEndian(Nft.NFTA_HOOK_PRIORITY, chain.priority()))
        .attributeBigEndian(Nft.NFTA_CHAIN_POLICY, ACCEPT)
        .attribute(Nft.NFTA_CHAIN_TYPE, chain.type().text())
        .about("chain " + chain.name());
  }

  private static RequestMessage newRule(FilterTable table, FilterChain chain, FilterRule rule) {
    int flags = Nft.NLM_F_CREATE | Nft.NLM_F_APPEND;
    return message(Nft.NFT_MSG_NEWRULE, flags, table.family())
        .attribute(Nft.NFTA_RULE_TABLE, table.name())
        .attribute(Nft.NFTA_RULE_CHAIN, chain.name())
        .nested(
            Nft.NFTA_RULE_EXPRESSIONS,
            list -> rule.expressions().forEach(expression -> expression.appendTo(list)))
        .about("a rule of chain " + chain.name());
  }

  private static RequestMessage message(int type, int flags, FilterFamily family) {
    return header(Nft.NFNL_SUBSYS_NFTABLES << Byte.SIZE | type, flags, family.number(), 0);
  }

  private static RequestMessage header(int type, int flags, int family, int resource) {
    // struct nfgenmsg: family, version, resource in network byte order
    RequestMessage message = RequestMessage.of(type, flags);
    return message.u8(family).u8(Nft.NFNETLINK_V0).u8(resource >>> Byte.SIZE).u8(resource);
  }
}
