package io.wgnetty.setup;

import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.nftables.Act;
import io.wgnetty.nftables.Compare;
import io.wgnetty.nftables.FilterChain;
import io.wgnetty.nftables.FilterFamily;
import io.wgnetty.nftables.FilterRule;
import io.wgnetty.nftables.FilterTable;
import io.wgnetty.nftables.FilterTables;
import io.wgnetty.nftables.Load;
import io.wgnetty.nftables.UnsupportedFilterException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The firewall table that wg-quick makes for a default route: nobody on another network may speak
 * to the interface's addresses, and answers to our datagrams are looked up by our mark. A kernel
 * without nf_tables gets the same by iptables.
 */
final class AntiSpoofing {
  private static final Logger LOG = LoggerFactory.getLogger(AntiSpoofing.class);

  private static final String STEP = "firewall";

  /** Where connections are looked up is -200, where nft puts "raw" and "mangle" is here. */
  private static final int RAW = -300;

  private static final int MANGLE = -150;

  private final String interfaceName;
  private final FilterFamily family;
  private final FilterTables tables;
  private final IptablesFirewall iptables;
  private final ReversePathFilter reversePath;
  private List<LinkAddress> addresses = List.of();
  private boolean present;
  private boolean byIptables;

  AntiSpoofing(String interfaceName, boolean ipv6, SetupTools tools) {
    this.interfaceName = interfaceName;
    this.family = FilterFamily.of(ipv6);
    this.tables = tools.filterTables();
    this.iptables = new IptablesFirewall(interfaceName, ipv6, tools.commands());
    this.reversePath = new ReversePathFilter(tools.network(), tools.kernelSettings());
  }

  private String table() {
    return "wg-quick-" + interfaceName;
  }

  /** Whether the table was made for other addresses. */
  boolean differs(List<LinkAddress> all) {
    return present && !addresses.equals(ofFamily(all));
  }

  private boolean isIpv6() {
    return family == FilterFamily.IP6;
  }

  private List<LinkAddress> ofFamily(List<LinkAddress> all) {
    return all.stream().filter(address -> address.host().isIpv6() == isIpv6()).toList();
  }

  /**
   * Makes the table, in place of one of that name.
   *
   * @throws SetupException if that fails; also if this system has no means for it, and without it
   *     nothing would come through the tunnel
   */
  void set(List<LinkAddress> all, int mark) throws SetupException, InterruptedException {
    List<LinkAddress> own = ofFamily(all);
    try {
      tables.replace(table(own, mark));
      byIptables = false;
    } catch (UnsupportedFilterException e) {
      if (!iptables.isAvailable()) {
        doWithout(e);
        return;
      }
      LOG.info("interface {}: {}: iptables is taken", interfaceName, e.getMessage());
      iptables.set(own, mark);
      byIptables = true;
    } catch (NetlinkException e) {
      throw new SetupException(STEP, table(), e);
    }
    addresses = own;
    present = true;
  }

  private void doWithout(UnsupportedFilterException reason) throws SetupException {
    String strict = isIpv6() ? "" : reversePath.strictLink();
    if (!strict.isEmpty()) {
      throw new SetupException(
          STEP,
          table(),
          reason.getMessage()
              + "; there is no "
              + iptables.program()
              + " either, and so strict filtering of sources (rp_filter) on "
              + strict
              + " would drop the peer's answers: load the module nf_tables, install iptables, or set"
              + " net.ipv4.conf.all.rp_filter=2");
    }
    LOG.warn(
        "interface {}: {}: packets of other networks to its {} addresses are not dropped",
        interfaceName,
        reason.getMessage(),
        isIpv6() ? "IPv6" : "IPv4");
  }

  private FilterTable table(List<LinkAddress> own, int mark) {
    return new FilterTable(
        family,
        table(),
        List.of(
            new FilterChain(
                "preraw",
                FilterChain.Hook.PREROUTING,
                RAW,
                own.stream().map(this::onlyThroughTheTunnel).toList()),
            new FilterChain(
                "premangle",
                FilterChain.Hook.PREROUTING,
                MANGLE,
                List.of(markedLikeItsConnection())),
            new FilterChain(
                "postmangle",
                FilterChain.Hook.POSTROUTING,
                MANGLE,
                List.of(marksItsConnection(mark)))));
  }

  private FilterRule onlyThroughTheTunnel(LinkAddress address) {
    return new FilterRule(
        List.of(
            Load.inputInterface(),
            Compare.notEqual(Compare.interfaceName(interfaceName)),
            Load.destinationAddress(family),
            Compare.equal(address.host().addressBytes()),
            Load.sourceType(),
            Compare.notEqual(Compare.local()),
            Act.drop()));
  }

  private static FilterRule marksItsConnection(int mark) {
    return new FilterRule(
        List.of(
            Load.transportProtocol(),
            Compare.equal(Compare.udp()),
            Load.mark(),
            Compare.equal(Compare.number(mark)),
            Load.mark(),
            Act.setConnectionMark()));
  }

  private static FilterRule markedLikeItsConnection() {
    return new FilterRule(
        List.of(
            Load.transportProtocol(),
            Compare.equal(Compare.udp()),
            Load.connectionMark(),
            Act.setMark()));
  }

  /** Writes down whether the table is there. */
  void save(StateWriter out) {
    out.bool(present);
    out.bool(byIptables);
  }

  /** What {@link #save} wrote down is there, for these addresses. */
  void restore(StateReader in, List<LinkAddress> all) {
    present = in.bool();
    byIptables = in.bool();
    addresses = present ? ofFamily(all) : List.of();
  }

  /** Removes what another process has made under this name, if anything. */
  void removeLeftover() throws SetupException, InterruptedException {
    try {
      tables.remove(family, table());
    } catch (UnsupportedFilterException e) {
      if (iptables.isAvailable()) {
        iptables.remove();
      }
    } catch (NetlinkException e) {
      throw new SetupException(STEP, table(), e);
    }
  }

  void remove() throws SetupException, InterruptedException {
    if (!present) {
      return;
    }
    try {
      if (byIptables) {
        iptables.remove();
      } else {
        tables.remove(family, table());
      }
    } catch (NetlinkException | UnsupportedFilterException e) {
      throw new SetupException(STEP, table(), e);
    }
    present = false;
    addresses = List.of();
  }
}
