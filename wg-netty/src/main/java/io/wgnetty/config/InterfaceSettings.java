package io.wgnetty.config;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.limit.PeerLimit;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What the {@code [Interface]} sections of a file say.
 *
 * @param privateKey the node's key, {@code null} if the file has none
 * @param listenPort UDP port, 0 for any free one
 * @param fwmark mark of outgoing datagrams, 0 for none
 * @param addresses the interface's own addresses
 * @param mtu as configured, {@code null} to find it out
 * @param dnsServers addresses of name servers
 * @param dnsSearchDomains domains that names are looked up in
 * @param table where routes go
 * @param hooks commands to run
 * @param saveConfig whether the running state is written back when the interface goes down
 * @param gateway what the node does with packets that peers send to others
 * @param groups what peers of groups may carry together, by the groups' names
 */
public record InterfaceSettings(
    @Nullable PrivateKey privateKey,
    int listenPort,
    int fwmark,
    List<InterfaceAddress> addresses,
    @Nullable Integer mtu,
    List<String> dnsServers,
    List<String> dnsSearchDomains,
    RouteTable table,
    Hooks hooks,
    boolean saveConfig,
    GatewaySettings gateway,
    Map<String, PeerLimit> groups) {
  public InterfaceSettings {
    groups = Collections.unmodifiableMap(new TreeMap<>(groups));
    addresses = List.copyOf(addresses);
    dnsServers = List.copyOf(dnsServers);
    dnsSearchDomains = List.copyOf(dnsSearchDomains);
  }

  /** Those of an interface that is no gateway. */
  public InterfaceSettings(
      @Nullable PrivateKey privateKey,
      int listenPort,
      int fwmark,
      List<InterfaceAddress> addresses,
      @Nullable Integer mtu,
      List<String> dnsServers,
      List<String> dnsSearchDomains,
      RouteTable table,
      Hooks hooks,
      boolean saveConfig) {
    this(
        privateKey,
        listenPort,
        fwmark,
        addresses,
        mtu,
        dnsServers,
        dnsSearchDomains,
        table,
        hooks,
        saveConfig,
        GatewaySettings.NONE,
        Map.of());
  }
}
