package io.wgnetty.control;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerChange;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.IpText;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A {@code set=1} request as it is read, line by line (protocol 7.2).
 *
 * <p>Peers go to the device in chunks, so a request of any size needs a bounded amount of memory
 * and time in proportion to its length. The effect is as if every line were applied when it is
 * read: what stands before an error stays. One thing is better: a list of allowed IPs that replaces
 * another is complete before what it does not name goes, so that what is in both is never without
 * its peer. An error within such a list ends it; a connection that breaks within it leaves the old
 * list and what was added to it.
 */
final class SetRequest {
  /** Peers in one call of the device: enough that the call itself costs nothing. */
  static final int CHUNK_PEERS = 256;

  /** Allowed IPs in one call of the device; a peer with more of them is taken in parts. */
  static final int CHUNK_ALLOWED_IPS = 4096;

  private static final int MAX_PORT = 0xffff;
  private static final int MAX_KEEPALIVE_SECONDS = 0xffff;
  private static final long MAX_FWMARK = 0xffff_ffffL;

  private final DeviceControl device;
  private final X25519 x25519;
  private List<PeerChange> pending = new ArrayList<>();
  private int pendingAllowedIps;
  private boolean inPeers;
  private boolean ownKeyKnown;
  private @Nullable PublicKey ownKey;

  /** Null before the first peer, and in a section that has no effect (any more). */
  private @Nullable PeerSection section;

  SetRequest(DeviceControl device, X25519 x25519) {
    this.device = device;
    this.x25519 = x25519;
  }

  /**
   * Reads one line that is not empty.
   *
   * @throws RequestException if the line is wrong or cannot be applied; then call {@link #end()}
   */
  void line(UapiLine line) throws RequestException {
    String key = line.key();
    if (key.equals("public_key")) {
      openSection(PublicKey.of(line.hexKey()));
    } else if (inPeers) {
      peerLine(key, line);
    } else {
      deviceLine(key, line);
    }
  }

  /** Applies what was read and not applied yet. */
  void end() {
    closeSection();
    flush();
  }

  /** Forgets what was read and not applied yet: the connection broke in the middle. */
  void discard() {
    if (section != null) {
      section.wipe();
      section = null;
    }
    for (PeerChange change : pending) {
      PresharedKey key = change.presharedKey();
      if (key != null) {
        key.wipe();
      }
    }
    pending.clear();
  }

  private void deviceLine(String key, UapiLine line) throws RequestException {
    switch (key) {
      case "private_key" -> setPrivateKey(line.hexKey());
      case "listen_port" -> setListenPort((int) line.number(MAX_PORT));
      case "fwmark" -> setFwmark((int) line.number(MAX_FWMARK));
      case "replace_peers" -> {
        line.requireTrue();
        device.removeAllPeers();
      }
      default ->
          throw RequestException.invalid(
              "unknown key before the first peer: " + UapiLine.shown(key));
    }
  }

  private void setPrivateKey(byte[] bytes) {
    int anyBit = 0;
    for (byte b : bytes) {
      anyBit |= b;
    }
    // Tested before clamping, which turns the zero key into another one.
    PrivateKey key = anyBit == 0 ? null : PrivateKey.of(bytes);
    Arrays.fill(bytes, (byte) 0);
    ownKey = key == null ? null : key.publicKey(x25519);
    ownKeyKnown = true;
    device.setPrivateKey(key);
  }

  private void setListenPort(int port) throws RequestException {
    // Before the device is asked: while the interface is down it would find out too late.
    if (PrivilegedPorts.ofProcess().refuses(port)) {
      throw new RequestException(
          Errno.EACCES,
          "listen_port "
              + port
              + " takes CAP_NET_BIND_SERVICE, which this node was not started with"
              + " (wg-netty --keep net_bind_service)");
    }
    try {
      device.setListenPort(port);
    } catch (IOException e) {
      throw new RequestException(
          Errno.EADDRINUSE, "listen_port " + port + " cannot be bound: " + e.getMessage());
    }
  }

  private void setFwmark(int mark) throws RequestException {
    try {
      device.setFwmark(mark);
    } catch (IOException e) {
      throw new RequestException(
          Errno.EADDRINUSE,
          "fwmark " + Integer.toUnsignedString(mark) + " cannot be set: " + e.getMessage());
    }
  }

  private void openSection(PublicKey key) {
    closeSection();
    inPeers = true;
    // A node is not its own peer: the section is read, and has no effect (protocol 7.2).
    PublicKey own = ownKey();
    section = own != null && own.equals(key) ? null : new PeerSection(key);
  }

  private @Nullable PublicKey ownKey() {
    if (!ownKeyKnown) {
      PrivateKey key = device.settings().privateKey();
      ownKey = key == null ? null : key.publicKey(x25519);
      ownKeyKnown = true;
    }
    return ownKey;
  }

  private void peerLine(String key, UapiLine line) throws RequestException {
    switch (key) {
      case "remove" -> {
        line.requireTrue();
        remove();
      }
      case "update_only" -> {
        line.requireTrue();
        updateOnly();
      }
      case "preshared_key" -> setPresharedKey(line.hexKey());
      case "protocol_version" -> {
        if (!line.value().equals("1")) {
          throw RequestException.invalid("protocol_version is not 1");
        }
      }
      case "endpoint" -> {
        Endpoint endpoint = endpoint(line.value());
        if (section != null) {
          section.endpoint(endpoint);
        }
      }
      case "persistent_keepalive_interval" -> {
        int seconds = (int) line.number(MAX_KEEPALIVE_SECONDS);
        if (section != null) {
          section.keepaliveSeconds(seconds);
        }
      }
      case "replace_allowed_ips" -> {
        line.requireTrue();
        replaceAllowedIps();
      }
      case "allowed_ip" -> allowedIp(line.value());
      default ->
          throw RequestException.invalid("unknown key in a peer section: " + UapiLine.shown(key));
    }
  }

  private void remove() {
    if (section != null) {
      splitIfItHasAllowedIps(section);
      section.remove();
      closeSection(); // what follows in this section has no effect
    }
  }

  private void updateOnly() {
    if (section == null) {
      return;
    }
    section.updateOnly();
    if (section.isSplit() && !section.existedBefore()) {
      section.remove(); // an earlier part of this section created it
      closeSection();
    }
  }

  private void setPresharedKey(byte[] bytes) {
    if (section != null) {
      section.presharedKey(PresharedKey.of(bytes));
    }
    Arrays.fill(bytes, (byte) 0);
  }

  private void replaceAllowedIps() {
    if (section != null) {
      splitIfItHasAllowedIps(section);
      section.replaceAllowedIps();
    }
  }

  private void allowedIp(String value) throws RequestException {
    boolean removed = value.startsWith("-");
    IpPrefix prefix;
    try {
      prefix = IpPrefix.parse(removed ? value.substring(1) : value);
    } catch (IllegalArgumentException e) {
      throw RequestException.invalid("allowed_ip: " + e.getMessage());
    }
    if (section != null) {
      section.allowedIp(prefix, removed);
      if (section.allowedIpCount() >= CHUNK_ALLOWED_IPS) {
        split(section);
      }
    }
  }

  /**
   * Reads {@code a.b.c.d:port} or {@code [v6%scope]:port}; the scope is an interface's number or
   * name.
   */
  private static Endpoint endpoint(String text) throws RequestException {
    int colon = text.lastIndexOf(':');
    String host = colon < 0 ? text : text.substring(0, colon);
    String digits = text.substring(colon + 1);
    boolean bracketed = host.startsWith("[") && host.endsWith("]") && host.length() > 2;
    if (colon < 0 || !digits.matches("[0-9]{1,5}") || bracketed != (host.indexOf(':') >= 0)) {
      throw RequestException.invalid("endpoint is not address:port or [address]:port: " + text);
    }
    String address = bracketed ? host.substring(1, host.length() - 1) : host;
    int percent = address.indexOf('%');
    int scopeId = 0;
    if (bracketed && percent >= 0) {
      scopeId = ScopeId.parse(address.substring(percent + 1));
      address = address.substring(0, percent);
    }
    try {
      return Endpoint.of(IpText.parse(address), Integer.parseInt(digits), scopeId);
    } catch (IllegalArgumentException e) {
      throw RequestException.invalid("endpoint: " + e.getMessage());
    }
  }

  /** Allowed IPs that were read take effect (on other peers, too) before the list is cleared. */
  private void splitIfItHasAllowedIps(PeerSection open) {
    if (open.allowedIpCount() > 0) {
      split(open);
    }
  }

  private void split(PeerSection open) {
    if (!open.isSplit()) {
      flush();
      open.splitNow(device.hasPeer(open.publicKey()));
    }
    add(open.take(false));
  }

  private void closeSection() {
    if (section != null) {
      add(section.take(true));
      section = null;
    }
  }

  private void add(PeerChange change) {
    pending.add(change);
    pendingAllowedIps += change.allowedIps().size();
    if (pending.size() >= CHUNK_PEERS || pendingAllowedIps >= CHUNK_ALLOWED_IPS) {
      flush();
    }
  }

  private void flush() {
    if (!pending.isEmpty()) {
      List<PeerChange> changes = pending;
      pending = new ArrayList<>(CHUNK_PEERS);
      pendingAllowedIps = 0;
      device.apply(changes);
    }
  }
}
