package io.wgnetty.setup;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.config.Configuration;
import io.wgnetty.config.EndpointName;
import io.wgnetty.config.InterfaceSettings;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerChange;
import io.wgnetty.limit.PeerLimit;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Gives a device what the file says of keys, port, mark and peers. Like {@code wg addconf} it
 * leaves alone what the file does not speak of: a PreUp command may have set it.
 */
final class WireGuardSettings {
  private final DeviceControl device;

  WireGuardSettings(DeviceControl device) {
    this.device = device;
  }

  /** The first address of each endpoint that has one. */
  static Map<PublicKey, Endpoint> endpoints(
      Configuration configuration, Map<EndpointName, NameAnswer> answers) {
    Map<PublicKey, Endpoint> endpoints = new HashMap<>();
    for (PeerSettings peer : configuration.peers()) {
      EndpointName name = peer.endpoint();
      Endpoint endpoint = name == null ? null : first(name, answers);
      if (endpoint != null) {
        endpoints.put(peer.publicKey(), endpoint);
      }
    }
    return endpoints;
  }

  /** {@code null} if it is a name that leads nowhere now. */
  static @Nullable Endpoint first(EndpointName name, Map<EndpointName, NameAnswer> answers) {
    Endpoint number = EndpointResolver.number(name);
    NameAnswer answer = answers.get(name);
    if (number != null || answer == null || !answer.isFound()) {
      return number;
    }
    return answer.endpoints().getFirst();
  }

  void apply(Configuration configuration, Map<PublicKey, Endpoint> endpoints)
      throws SetupException {
    InterfaceSettings settings = configuration.settings();
    PrivateKey key = settings.privateKey();
    if (key != null) {
      device.setPrivateKey(key.copy());
    }
    if (settings.listenPort() != 0) {
      setListenPort(settings.listenPort());
    }
    if (settings.fwmark() != 0) {
      setFwmark(settings.fwmark());
    }
    List<PeerChange> changes = new ArrayList<>();
    for (PeerSettings peer : configuration.peers()) {
      changes.add(addition(peer, endpoints.get(peer.publicKey())));
      if (changes.size() == RunningPeers.PER_CALL) {
        apply(changes);
        changes.clear();
      }
    }
    apply(changes);
    if (!settings.groups().isEmpty()) {
      device.limits().setGroups(settings.groups());
    }
    Map<PublicKey, PeerLimit> limits = new HashMap<>();
    for (PeerSettings peer : configuration.peers()) {
      device.setLabel(peer.publicKey(), peer.label());
      if (!peer.limit().isNone()) {
        limits.put(peer.publicKey(), peer.limit());
      }
    }
    device.limits().set(limits);
  }

  private void setFwmark(int mark) throws SetupException {
    try {
      device.setFwmark(mark);
    } catch (IOException e) {
      throw new SetupException("FwMark", Integer.toUnsignedString(mark), e);
    }
  }

  private void setListenPort(int port) throws SetupException {
    try {
      device.setListenPort(port);
    } catch (IOException e) {
      throw new SetupException("ListenPort", Integer.toString(port), e);
    }
  }

  private void apply(List<PeerChange> changes) throws SetupException {
    try {
      device.apply(List.copyOf(changes));
    } catch (IllegalStateException e) {
      throw new SetupException("Peer", "", e);
    }
  }

  private static PeerChange addition(PeerSettings peer, @Nullable Endpoint endpoint) {
    boolean hasPresharedKey = !peer.presharedKey().isNone();
    return new PeerChange(
        peer.publicKey(),
        false,
        false,
        hasPresharedKey ? peer.presharedKey().copy() : null,
        endpoint,
        peer.keepaliveSeconds() == 0 ? null : Integer.valueOf(peer.keepaliveSeconds()),
        true,
        additions(peer.allowedIps()));
  }

  static List<PeerChange.AllowedIp> additions(List<IpPrefix> prefixes) {
    return prefixes.stream().map(prefix -> new PeerChange.AllowedIp(prefix, false)).toList();
  }

  /** Takes all of it back. */
  void undo() throws SetupException {
    device.removeAllPeers();
    device.setPrivateKey(null);
    try {
      device.setFwmark(0);
      device.setListenPort(0);
    } catch (IOException e) {
      throw new SetupException("ListenPort", "", e);
    }
  }
}
