package io.wgnetty.setup;

import io.wgnetty.config.GatewaySettings;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.netlink.KernelNetwork;
import io.wgnetty.netlink.Link;
import io.wgnetty.netlink.NetlinkException;
import io.wgnetty.netlink.RouteChoice;
import io.wgnetty.nftables.FilterFamily;
import io.wgnetty.nftables.FilterTables;
import io.wgnetty.nftables.UnsupportedFilterException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a gateway does with packets that peers send to others: masquerading and isolation, as tables
 * of the packet filter, one for each family. They are there before the interface is up and until it
 * is gone, so that isolated peers are never together for a moment.
 */
final class GatewayRules {
  private static final Logger LOG = LoggerFactory.getLogger(GatewayRules.class);

  private static final String STEP = "firewall";
  private static final String IPV4_FORWARDING = "net/ipv4/ip_forward";
  private static final String IPV6_FORWARDING = "net/ipv6/conf/all/forwarding";

  private final String interfaceName;
  private final KernelNetwork network;
  private final FilterTables tables;
  private final KernelSettings kernelSettings;
  private final Map<FilterFamily, GatewayTable> present = new EnumMap<>(FilterFamily.class);

  GatewayRules(String interfaceName, SetupTools tools) {
    this.interfaceName = interfaceName;
    this.network = tools.network();
    this.tables = tools.filterTables();
    this.kernelSettings = tools.kernelSettings();
  }

  /**
   * Makes the tables that a file asks for, in place of those that a killed run left; without such
   * wishes it only removes the latter.
   */
  void set(InterfaceSettings settings) throws SetupException {
    for (FilterFamily family : FilterFamily.values()) {
      GatewayTable wanted = wanted(settings.gateway(), family);
      if (wanted.isEmpty()) {
        forget(family);
      } else {
        make(family, wanted);
      }
    }
    warn(settings);
  }

  /** A file that asks for no rules is not refused because of them. */
  private void forget(FilterFamily family) {
    try {
      removeLeftover(family);
    } catch (SetupException e) {
      LOG.debug("interface {}: {}", interfaceName, e.getMessage());
    }
  }

  /** Changes to what a newer file asks for; what somebody else has removed is made again. */
  void change(InterfaceSettings settings, ReloadReport.Builder report) throws SetupException {
    boolean changed = false;
    for (FilterFamily family : FilterFamily.values()) {
      GatewayTable before = present.getOrDefault(family, GatewayTable.NONE);
      GatewayTable wanted = wanted(settings.gateway(), family);
      boolean differs = !wanted.equals(before);
      if (!wanted.isEmpty()) {
        differs |= !has(family);
        make(family, wanted);
      } else if (!before.isEmpty()) {
        remove(family);
      }
      if (differs) {
        report.changed((family == FilterFamily.IP6 ? "IPv6: " : "IPv4: ") + wanted);
        changed = true;
      }
    }
    if (changed) {
      warn(settings);
    }
  }

  private GatewayTable wanted(GatewaySettings settings, FilterFamily family) throws SetupException {
    if (!settings.isolate() && !settings.masquerades()) {
      return GatewayTable.NONE;
    }
    if (settings.outgoing().contains(interfaceName)) {
      throw new SetupException(
          "Masquerade",
          interfaceName,
          "is this interface itself: name the one by which packets leave to others");
    }
    List<String> outgoing = settings.byDefaultRoute() ? defaultRoute(family) : settings.outgoing();
    return new GatewayTable(outgoing, settings.isolate());
  }

  /** The interface of the main table's default route; none if that is the tunnel. */
  private List<String> defaultRoute(FilterFamily family) throws SetupException {
    try {
      RouteChoice way = network.defaultRoute(family == FilterFamily.IP6);
      Link link = way == null ? null : network.link(way.linkIndex());
      return link == null || link.name().equals(interfaceName) ? List.of() : List.of(link.name());
    } catch (NetlinkException e) {
      throw new SetupException("Masquerade", "yes", e);
    }
  }

  /** Writes down which tables there are. */
  void save(StateWriter out) {
    for (FilterFamily family : FilterFamily.values()) {
      GatewayTable table = present.getOrDefault(family, GatewayTable.NONE);
      out.bool(present.containsKey(family));
      out.texts(table.outgoing());
      out.bool(table.isolate());
    }
  }

  /** The tables that {@link #save} wrote down are there, and ours. */
  void restore(StateReader in) {
    for (FilterFamily family : FilterFamily.values()) {
      boolean isThere = in.bool();
      var table = new GatewayTable(in.texts(), in.bool());
      if (isThere) {
        present.put(family, table);
      }
    }
  }

  private void make(FilterFamily family, GatewayTable wanted) throws SetupException {
    try {
      tables.replace(wanted.table(family, interfaceName));
      present.put(family, wanted);
    } catch (UnsupportedFilterException e) {
      if (family == FilterFamily.IP6 && !kernelSettings.has("net/ipv6")) {
        return; // a kernel without IPv6 has no such packets
      }
      throw new SetupException(
          STEP,
          GatewayTable.name(interfaceName),
          e.getMessage()
              + "; Masquerade and Isolate need the modules nf_tables and nft_masq: load them, or"
              + " take both comments out of the file and use iptables in PostUp and PostDown");
    } catch (NetlinkException e) {
      throw new SetupException(STEP, GatewayTable.name(interfaceName), e);
    }
  }

  private boolean has(FilterFamily family) throws SetupException {
    try {
      return tables.has(family, GatewayTable.name(interfaceName));
    } catch (NetlinkException e) {
      throw new SetupException(STEP, GatewayTable.name(interfaceName), e);
    }
  }

  /** Says what keeps it from working. */
  private void warn(InterfaceSettings settings) {
    GatewaySettings gateway = settings.gateway();
    if (!gateway.masquerades()) {
      return;
    }
    if (present.values().stream().allMatch(table -> table.outgoing().isEmpty())) {
      LOG.warn(
          "interface {}: there is no default route, so nothing is masqueraded: name the outgoing"
              + " interface in `# Masquerade', or reload when there is one",
          interfaceName);
    }
    gateway.outgoing().forEach(this::warnIfAbsent);
    boolean ipv6 = settings.addresses().stream().anyMatch(address -> address.host().isIpv6());
    boolean ipv4 = settings.addresses().stream().anyMatch(address -> !address.host().isIpv6());
    if (ipv4) {
      warnOfForwarding("IPv4", IPV4_FORWARDING);
    }
    if (ipv6 && !present.getOrDefault(FilterFamily.IP6, GatewayTable.NONE).outgoing().isEmpty()) {
      warnOfForwarding("IPv6", IPV6_FORWARDING);
    }
  }

  private void warnIfAbsent(String outgoing) {
    try {
      if (network.link(outgoing) == null) {
        LOG.warn(
            "interface {}: there is no interface {} now; masquerading by it begins when there is",
            interfaceName,
            outgoing);
      }
    } catch (NetlinkException e) {
      LOG.debug("interface {}: {} was not looked for: {}", interfaceName, outgoing, e.getMessage());
    }
  }

  private void warnOfForwarding(String family, String setting) {
    if (Objects.equals(read(setting), "0")) {
      String key = setting.replace('/', '.');
      LOG.warn(
          "interface {}: {} forwarding is off, so peers reach nobody behind this machine: `sysctl"
              + " -w {}=1', and a line in /etc/sysctl.d (a container: --sysctl {}=1)",
          interfaceName,
          family,
          key,
          key);
    }
  }

  private String read(String setting) {
    try {
      return kernelSettings.read(setting);
    } catch (IOException e) {
      return ""; // not to be known here
    }
  }

  /** Removes what was made, as far as that is possible. */
  void remove() throws SetupException {
    for (FilterFamily family : List.copyOf(present.keySet())) {
      remove(family);
    }
  }

  private void remove(FilterFamily family) throws SetupException {
    try {
      tables.remove(family, GatewayTable.name(interfaceName));
      present.remove(family);
    } catch (NetlinkException | UnsupportedFilterException e) {
      throw new SetupException(STEP, GatewayTable.name(interfaceName), e);
    }
  }

  /**
   * Removes what another process has made under this name.
   *
   * @return whether there was something
   */
  boolean removeLeftover() throws SetupException {
    boolean ipv4 = removeLeftover(FilterFamily.IP);
    return removeLeftover(FilterFamily.IP6) || ipv4;
  }

  private boolean removeLeftover(FilterFamily family) throws SetupException {
    if (!has(family)) {
      return false;
    }
    LOG.info("table {} of a run that was killed is removed", GatewayTable.name(interfaceName));
    remove(family);
    return true;
  }
}
