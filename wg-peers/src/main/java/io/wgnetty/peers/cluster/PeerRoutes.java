package io.wgnetty.peers.cluster;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerSnapshot;
import io.wgnetty.setup.AnnouncedRoutes;
import io.wgnetty.setup.PeersBeside;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Keeps routes in step with the peers that are here. Changes of a step are made at its end. */
final class PeerRoutes {
  private static final Logger LOG = LoggerFactory.getLogger(PeerRoutes.class);

  private final PeersBeside peers;
  private final AnnouncedRoutes routes;
  private final Set<PublicKey> coming = new LinkedHashSet<>();
  private final Set<PublicKey> going = new LinkedHashSet<>();
  private int failures;
  private boolean closed;
  private volatile int size;

  PeerRoutes(PeersBeside peers, AnnouncedRoutes routes) {
    this.peers = peers;
    this.routes = routes;
  }

  /** A peer is here, or its allowed IPs have changed. */
  void refresh(PublicKey key) {
    going.remove(key);
    coming.add(key);
  }

  /** A peer is not here any more. */
  void remove(PublicKey key) {
    coming.remove(key);
    going.add(key);
  }

  /** Makes the changes. */
  void settle() {
    if (coming.isEmpty() && going.isEmpty()) {
      return;
    }
    failures = 0;
    if (!closed) {
      for (PeerSnapshot peer : peers.device().snapshots(List.copyOf(coming))) {
        peer.presharedKey().wipe();
        routes.set(peer.publicKey(), peer.allowedIps(), this::failed);
      }
    }
    going.forEach(key -> routes.remove(key, this::failed));
    coming.clear();
    going.clear();
    size = routes.size();
  }

  /** A peer that comes with a thousand prefixes that cannot be is not understood better by all. */
  private void failed(String problem) {
    if (failures++ == 0) {
      LOG.warn("interface {}: {}", peers.interfaceName(), problem);
    }
  }

  /** Puts right what others have changed. */
  void restore() {
    failures = 0;
    routes.restore(this::failed);
    size = routes.size();
  }

  int size() {
    return size;
  }

  /** Takes all away, and makes none any more. */
  void close() {
    closed = true;
    failures = 0;
    routes.removeAll(this::failed);
    size = 0;
  }
}
