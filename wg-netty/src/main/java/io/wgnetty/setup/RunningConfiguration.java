package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceAddress;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceSettings;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.netlink.LinkAddress;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What runs, in the form of a file ({@code SaveConfig}). */
final class RunningConfiguration {
  private static final int LINK_LOCAL_BITS = 10;
  private static final long LINK_LOCAL = 0xfe80_0000_0000_0000L;

  private final InterfaceParts parts;
  private final FileMemory memory;
  private final BesidePeers beside;
  private final Set<PublicKey> running = new HashSet<>();

  RunningConfiguration(InterfaceParts parts, FileMemory memory, BesidePeers beside) {
    this.beside = beside;
    this.parts = parts;
    this.memory = memory;
  }

  /**
   * As it is now; the caller wipes it.
   *
   * @throws SetupException if the interface is gone
   */
  Configuration read() throws SetupException, InterruptedException {
    // Of an interface that was deleted nothing is known any more, and a file is not to lose it.
    int mtu = parts.mtu().present();
    return read(memory.settings().mtu() == null ? null : Integer.valueOf(mtu), addresses());
  }

  /** As it is now; what the kernel does not know any more is as the file had it. */
  Configuration readAsFarAsKnown() throws SetupException, InterruptedException {
    try {
      return read();
    } catch (SetupException e) {
      return read(memory.settings().mtu(), memory.settings().addresses());
    }
  }

  private Configuration read(@Nullable Integer mtu, List<InterfaceAddress> addresses)
      throws SetupException, InterruptedException {
    InterfaceSettings file = memory.settings();
    DeviceSettings running = parts.device().settings();
    PrivateKey key = running.privateKey();
    var settings =
        new InterfaceSettings(
            key == null ? null : key.copy(),
            running.listenPort(),
            // One that was chosen for a default route is chosen anew next time.
            parts.policy().markIsOurs() ? 0 : running.fwmark(),
            addresses,
            mtu,
            file.dnsServers(),
            file.dnsSearchDomains(),
            file.table(),
            file.hooks(),
            file.saveConfig(),
            file.gateway(),
            parts.device().limits().groups());
    return new Configuration(settings, peers(), memory.comments(), List.of());
  }

  /** The file's peers that do not run any more; after {@link #read}. */
  Set<PublicKey> removed() {
    Set<PublicKey> removed = new HashSet<>(memory.peerKeys());
    removed.removeAll(running);
    return removed;
  }

  private List<InterfaceAddress> addresses() throws SetupException {
    List<InterfaceAddress> addresses = new ArrayList<>();
    for (LinkAddress present : parts.addresses().present()) {
      var address = new InterfaceAddress(present.host(), present.prefixLength());
      if (!isLinkLocal(present) || memory.settings().addresses().contains(address)) {
        addresses.add(address);
      }
    }
    List<InterfaceAddress> file = memory.settings().addresses();
    // What this system can not have stays in the file.
    List<InterfaceAddress> possible = parts.ipv6().possible(file);
    file.stream().filter(address -> !possible.contains(address)).forEach(addresses::add);
    return addresses;
  }

  /** The kernel gives the interface such an address by itself. */
  private static boolean isLinkLocal(LinkAddress address) {
    return address.host().isIpv6()
        && address.host().high() >>> (Long.SIZE - LINK_LOCAL_BITS)
            == LINK_LOCAL >>> (Long.SIZE - LINK_LOCAL_BITS);
  }

  private List<PeerSettings> peers() throws SetupException, InterruptedException {
    List<PeerSettings> peers = new ArrayList<>();
    List<PublicKey> keys =
        parts.device().peerKeys().stream().filter(key -> !beside.has(key)).toList();
    running.clear();
    RunningPeers.visit(parts.device(), keys, peer -> peers.add(settings(peer)));
    return peers;
  }

  private PeerSettings settings(PeerSnapshot peer) {
    FileMemory.PeerMemory known = memory.peer(peer.publicKey());
    running.add(peer.publicKey());
    String label = parts.device().label(peer.publicKey());
    return new PeerSettings(
        peer.publicKey(),
        peer.presharedKey(),
        peer.allowedIps(),
        endpoint(peer.publicKey(), peer.endpoint(), known),
        peer.keepaliveSeconds(),
        label != null || known == null ? label : known.label(),
        parts.device().limits().of(peer.publicKey()),
        known == null ? PeerSettings.FOR_EVER : known.notAfter(),
        known == null ? null : known.presharedKeyFile());
  }

  /** The name of the file while the peer is still where that leads. */
  private @Nullable EndpointName endpoint(
      PublicKey key, @Nullable Endpoint running, FileMemory.@Nullable PeerMemory known) {
    EndpointName name = known == null ? null : known.endpoint();
    if (running == null) {
      return name;
    }
    Endpoint at = running.withoutLocal();
    if (name != null
        && (at.equals(EndpointResolver.number(name))
            || parts.names().addresses(key).contains(at))) {
      return name;
    }
    String scope = running.scopeId() == 0 ? "" : "%" + running.scopeId();
    return new EndpointName(IpText.format(running.addressBytes()) + scope, running.port());
  }
}
