package io.wgnetty.setup;

import io.wgnetty.nftables.Act;
import io.wgnetty.nftables.Compare;
import io.wgnetty.nftables.Expression;
import io.wgnetty.nftables.FilterChain;
import io.wgnetty.nftables.FilterFamily;
import io.wgnetty.nftables.FilterRule;
import io.wgnetty.nftables.FilterTable;
import io.wgnetty.nftables.Load;
import java.util.ArrayList;
import java.util.List;

/**
 * The rules of a gateway for one family.
 *
 * @param outgoing the interfaces with whose addresses peers' packets leave; empty for none
 * @param isolate whether peers are kept from each other
 */
record GatewayTable(List<String> outgoing, boolean isolate) {
  static final GatewayTable NONE = new GatewayTable(List.of(), false);

  // As nft's words "filter", "mangle" and "srcnat" have it.
  private static final int FILTER = 0;
  private static final int MANGLE = -150;
  private static final int SOURCE_NAT = 100;

  GatewayTable {
    outgoing = List.copyOf(outgoing);
  }

  boolean isEmpty() {
    return outgoing.isEmpty() && !isolate;
  }

  /** The table's name, which nobody else has. */
  static String name(String interfaceName) {
    return "wg-netty-" + interfaceName;
  }

  FilterTable table(FilterFamily family, String interfaceName) {
    List<FilterChain> chains = new ArrayList<>();
    if (isolate) {
      chains.add(
          new FilterChain(
              "isolate",
              FilterChain.Hook.FORWARD,
              FILTER,
              List.of(
                  rule(cameFrom(interfaceName), leavesBy(interfaceName), List.of(Act.drop())))));
    }
    if (!outgoing.isEmpty()) {
      chains.add(
          new FilterChain(
              "segments",
              FilterChain.Hook.FORWARD,
              MANGLE,
              List.of(
                  rule(cameFrom(interfaceName), tcpSyn(), Act.fitSegmentSize()),
                  rule(leavesBy(interfaceName), tcpSyn(), Act.fitSegmentSize()))));
      chains.add(
          new FilterChain(
              "masquerade",
              FilterChain.Type.NAT,
              FilterChain.Hook.POSTROUTING,
              SOURCE_NAT,
              outgoing.stream()
                  .map(
                      link ->
                          rule(cameFrom(interfaceName), leavesBy(link), List.of(Act.masquerade())))
                  .toList()));
    }
    return new FilterTable(family, name(interfaceName), chains);
  }

  @SafeVarargs
  private static FilterRule rule(List<Expression>... parts) {
    List<Expression> all = new ArrayList<>();
    for (List<Expression> part : parts) {
      all.addAll(part);
    }
    return new FilterRule(all);
  }

  private static List<Expression> cameFrom(String link) {
    return List.of(Load.inputInterface(), Compare.equal(Compare.interfaceName(link)));
  }

  private static List<Expression> leavesBy(String link) {
    return List.of(Load.outputInterface(), Compare.equal(Compare.interfaceName(link)));
  }

  private static List<Expression> tcpSyn() {
    List<Expression> all = new ArrayList<>();
    all.add(Load.transportProtocol());
    all.add(Compare.equal(Compare.tcp()));
    all.addAll(Load.tcpSyn());
    all.add(Compare.notEqual(new byte[1]));
    return all;
  }

  /** What it does, in a few words. */
  @Override
  public String toString() {
    if (isEmpty()) {
      return "neither masquerading nor isolation";
    }
    String by = outgoing.isEmpty() ? "" : "masquerading by " + String.join(", ", outgoing);
    return by + (isolate ? (by.isEmpty() ? "" : ", ") + "peers isolated" : "");
  }
}
