package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.GatewaySettings;
import io.wgnetty.config.Hooks;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.config.RouteTable;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.PeerLimit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A configuration for tests, with text as short as in a file. */
final class ConfigurationBuilder {
  /** Of this interface. */
  static final String PRIVATE_KEY = "11".repeat(32);

  private final List<InterfaceAddress> addresses = new ArrayList<>();
  private final List<PeerSettings> peers = new ArrayList<>();
  private @Nullable String privateKey = PRIVATE_KEY;
  private int port;
  private int mark;
  private @Nullable Integer mtu;
  private List<String> servers = List.of();
  private List<String> domains = List.of();
  private RouteTable table = RouteTable.AUTO;
  private Hooks hooks = Hooks.NONE;
  private boolean save;
  private Map<String, PeerLimit> groups = Map.of();
  private GatewaySettings gateway = GatewaySettings.NONE;

  static PublicKey key(int number) {
    byte[] bytes = new byte[PublicKey.BYTES];
    bytes[0] = (byte) number;
    bytes[1] = (byte) (number >>> 8);
    bytes[2] = (byte) (number >>> 16);
    bytes[31] = 9;
    return PublicKey.of(bytes);
  }

  ConfigurationBuilder privateKey(@Nullable String hex) {
    privateKey = hex;
    return this;
  }

  ConfigurationBuilder address(String... texts) {
    for (String text : texts) {
      int slash = text.indexOf('/');
      String host = text.substring(0, slash) + (text.contains(":") ? "/128" : "/32");
      addresses.add(
          new InterfaceAddress(IpPrefix.parse(host), Integer.parseInt(text.substring(slash + 1))));
    }
    return this;
  }

  ConfigurationBuilder port(int value) {
    port = value;
    return this;
  }

  ConfigurationBuilder mark(int value) {
    mark = value;
    return this;
  }

  ConfigurationBuilder mtu(int value) {
    mtu = value;
    return this;
  }

  ConfigurationBuilder dns(String... all) {
    servers = List.of(all);
    return this;
  }

  ConfigurationBuilder domains(String... all) {
    domains = List.of(all);
    return this;
  }

  ConfigurationBuilder table(RouteTable value) {
    table = value;
    return this;
  }

  ConfigurationBuilder hooks(String preUp, String postUp, String preDown, String postDown) {
    hooks = new Hooks(hook(preUp), hook(postUp), hook(preDown), hook(postDown));
    return this;
  }

  private static List<String> hook(String text) {
    return text.isEmpty() ? List.of() : List.of(text);
  }

  ConfigurationBuilder save() {
    save = true;
    return this;
  }

  /** By the interfaces of these names, or that of the default route for none. */
  ConfigurationBuilder masquerade(String... outgoing) {
    gateway = new GatewaySettings(outgoing.length == 0, List.of(outgoing), gateway.isolate());
    return this;
  }

  ConfigurationBuilder isolate() {
    gateway = new GatewaySettings(gateway.byDefaultRoute(), gateway.outgoing(), true);
    return this;
  }

  ConfigurationBuilder peer(int number, String... prefixes) {
    return peer(number, 0, null, 0, prefixes);
  }

  /**
   * A peer with everything.
   *
   * @param psk fills its pre-shared key, 0 for none
   * @param endpoint {@code host:port}
   */
  ConfigurationBuilder peer(
      int number, int psk, @Nullable String endpoint, int keepalive, String... prefixes) {
    byte[] pskBytes = new byte[PresharedKey.BYTES];
    Arrays.fill(pskBytes, (byte) psk);
    EndpointName name = null;
    if (endpoint != null) {
      int colon = endpoint.lastIndexOf(':');
      name =
          new EndpointName(
              endpoint.substring(0, colon).replace("[", "").replace("]", ""),
              Integer.parseInt(endpoint.substring(colon + 1)));
    }
    peers.add(
        new PeerSettings(
            key(number),
            PresharedKey.of(pskBytes),
            Arrays.stream(prefixes).map(IpPrefix::parse).toList(),
            name,
            keepalive,
            null));
    return this;
  }

  /** What the last peer may carry. */
  ConfigurationBuilder groups(Map<String, PeerLimit> limits) {
    groups = limits;
    return this;
  }

  ConfigurationBuilder limit(PeerLimit limit) {
    PeerSettings last = peers.removeLast();
    peers.add(
        new PeerSettings(
            last.publicKey(),
            last.presharedKey(),
            last.allowedIps(),
            last.endpoint(),
            last.keepaliveSeconds(),
            last.label(),
            limit));
    return this;
  }

  /** The last second of the last peer. */
  ConfigurationBuilder until(long notAfter) {
    PeerSettings last = peers.removeLast();
    peers.add(
        new PeerSettings(
            last.publicKey(),
            last.presharedKey(),
            last.allowedIps(),
            last.endpoint(),
            last.keepaliveSeconds(),
            last.label(),
            last.limit(),
            notAfter));
    return this;
  }

  Configuration build() {
    return new Configuration(
        new InterfaceSettings(
            privateKey == null ? null : PrivateKey.fromHex(privateKey),
            port,
            mark,
            addresses,
            mtu,
            servers,
            domains,
            table,
            hooks,
            save,
            gateway,
            groups),
        peers.stream().map(ConfigurationBuilder::copy).toList());
  }

  /** Whoever gets a configuration wipes it. */
  private static PeerSettings copy(PeerSettings peer) {
    return new PeerSettings(
        peer.publicKey(),
        peer.presharedKey().copy(),
        peer.allowedIps(),
        peer.endpoint(),
        peer.keepaliveSeconds(),
        peer.label(),
        peer.limit(),
        peer.notAfter());
  }
}
