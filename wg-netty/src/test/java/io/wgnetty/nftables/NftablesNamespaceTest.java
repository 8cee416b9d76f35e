package io.wgnetty.nftables;

import static io.wgnetty.netlink.OwnNamespace.exec;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.OwnNamespace;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Tables of a namespace of its own, read back by nft. */
@Tag("namespace")
class NftablesNamespaceTest {
  private final Nftables tables = new Nftables();

  private static FilterTable table(FilterFamily family, List<FilterRule> rules) {
    return new FilterTable(
        family,
        "tunnel",
        List.of(
            new FilterChain("in", FilterChain.Hook.PREROUTING, -300, rules),
            new FilterChain("out", FilterChain.Hook.POSTROUTING, -150, List.of())));
  }

  private static FilterRule drop(FilterFamily family, byte[] address) {
    return new FilterRule(
        List.of(
            Load.inputInterface(),
            Compare.notEqual(Compare.interfaceName("wg0")),
            Load.destinationAddress(family),
            Compare.equal(address),
            Load.sourceType(),
            Compare.notEqual(Compare.local()),
            Act.drop()));
  }

  private static String listed() {
    return exec("nft", "list", "ruleset").replaceAll("\\s+", " ").strip();
  }

  @Test
  void shouldMakeWhatNftReadsBack() throws Exception {
    OwnNamespace.run(
        () -> {
          byte[] address = {10, 7, 0, 1};
          tables.replace(table(FilterFamily.IP, List.of(drop(FilterFamily.IP, address))));
          assertThat(listed())
              .isEqualTo(
                  "table ip tunnel { chain in { type filter hook prerouting priority raw; policy"
                      + " accept; iifname != \"wg0\" ip daddr 10.7.0.1 fib saddr type != local drop"
                      + " } chain out { type filter hook postrouting priority mangle; policy"
                      + " accept; } }");
          assertThat(exec("nft", "-j", "list", "ruleset")).contains("\"policy\": \"accept\"");
        });
  }

  @Test
  void shouldTranslateAddressesAndFitSegments() throws Exception {
    OwnNamespace.run(
        () -> {
          List<Expression> syn = new ArrayList<>(List.of(Load.transportProtocol()));
          syn.add(Compare.equal(Compare.tcp()));
          syn.addAll(Load.tcpSyn());
          syn.add(Compare.notEqual(new byte[1]));
          syn.addAll(Act.fitSegmentSize());
          var segments =
              new FilterChain("s", FilterChain.Hook.FORWARD, -150, List.of(new FilterRule(syn)));
          List<Expression> leaves =
              List.of(
                  Load.outputInterface(),
                  Compare.equal(Compare.interfaceName("eth0")),
                  Act.masquerade());
          var translation =
              new FilterChain(
                  "n",
                  FilterChain.Type.NAT,
                  FilterChain.Hook.POSTROUTING,
                  100,
                  List.of(new FilterRule(leaves)));
          for (FilterFamily family : FilterFamily.values()) {
            tables.replace(new FilterTable(family, "tunnel", List.of(segments, translation)));
          }
          String chains =
              " tunnel { chain s { type filter hook forward priority mangle; policy accept;"
                  + " tcp flags syn tcp option maxseg size set rt mtu } chain n { type nat hook"
                  + " postrouting priority srcnat; policy accept; oifname \"eth0\" masquerade } }";
          assertThat(listed()).isEqualTo("table ip" + chains + " table ip6" + chains);
        });
  }

  @Test
  void shouldKnowWhetherThereIsATable() throws Exception {
    OwnNamespace.run(
        () -> {
          assertThat(tables.has(FilterFamily.IP, "tunnel")).isFalse();
          tables.replace(table(FilterFamily.IP, List.of()));
          assertThat(tables.has(FilterFamily.IP, "tunnel")).isTrue();
          assertThat(tables.has(FilterFamily.IP6, "tunnel")).isFalse();
        });
  }

  @Test
  void shouldReplaceATableAsAWhole() throws Exception {
    OwnNamespace.run(
        () -> {
          byte[] address = new byte[16];
          address[0] = (byte) 0xfd;
          address[15] = 1;
          tables.replace(table(FilterFamily.IP6, List.of(drop(FilterFamily.IP6, address))));
          assertThat(listed()).contains("ip6 daddr fd00::1 ");
          address[15] = 2;
          tables.replace(table(FilterFamily.IP6, List.of(drop(FilterFamily.IP6, address))));
          assertThat(listed()).contains("ip6 daddr fd00::2 ").doesNotContain("fd00::1 ");
        });
  }

  @Test
  void shouldRemoveATableAndNoOther() throws Exception {
    OwnNamespace.run(
        () -> {
          exec("nft", "add", "table", "ip", "other");
          tables.replace(table(FilterFamily.IP, List.of()));
          tables.remove(FilterFamily.IP, "tunnel");
          assertThat(listed()).isEqualTo("table ip other { }");
          tables.remove(FilterFamily.IP, "tunnel");
          assertThat(listed()).isEqualTo("table ip other { }");
        });
  }

  @Test
  void shouldMakeAThousandRules() throws Exception {
    OwnNamespace.run(
        () -> {
          List<FilterRule> rules = new ArrayList<>();
          for (int i = 0; i < 1000; i++) {
            rules.add(drop(FilterFamily.IP, new byte[] {10, 7, (byte) (i >> 8), (byte) i}));
          }
          tables.replace(table(FilterFamily.IP, rules));
          assertThat(exec("nft", "list", "ruleset").lines().filter(l -> l.contains("daddr")))
              .hasSize(1000);
        });
  }

  @Test
  void shouldChangeNothingAndSayWhatTheKernelRefuses() throws Exception {
    OwnNamespace.run(
        () -> {
          tables.replace(table(FilterFamily.IP, List.of()));
          String before = listed();
          // An address has no 5 bytes, and a chain no name of 300.
          byte[] tooLong = new byte[17];
          var wrong = new FilterRule(List.of(Load.mark(), Compare.equal(tooLong), Act.drop()));
          assertThatThrownBy(() -> tables.replace(table(FilterFamily.IP, List.of(wrong))))
              .isInstanceOf(NetlinkException.class)
              .hasMessageStartingWith("a rule of chain in: ")
              .hasMessageContaining("errno ");
          assertThat(listed()).isEqualTo(before);
        });
  }
}
