package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** All peers of an interface by their public key. Changed by the control thread, read by any. */
public final class PeerDirectory {
  private final ConcurrentHashMap<PublicKey, Peer> peers = new ConcurrentHashMap<>();
  private volatile UnknownCallers callers = UnknownCallers.NONE;
  private volatile SleepingPeers sleepers = SleepingPeers.NONE;
  private volatile KnownStamps stamps = KnownStamps.NONE;

  public @Nullable Peer find(PublicKey key) {
    return peers.get(key);
  }

  /** Who hears of initiations by keys that are not here. */
  public UnknownCallers callers() {
    return callers;
  }

  public void setCallers(UnknownCallers callers) {
    this.callers = callers;
  }

  /** Who knows of peers that are not here. */
  public SleepingPeers sleepers() {
    return sleepers;
  }

  public void setSleepers(SleepingPeers sleepers) {
    this.sleepers = sleepers;
  }

  /** Which initiations other nodes have accepted. */
  public KnownStamps stamps() {
    return stamps;
  }

  public void setStamps(KnownStamps stamps) {
    this.stamps = stamps;
  }

  public void add(Peer peer) {
    if (peers.putIfAbsent(peer.publicKey(), peer) != null) {
      throw new IllegalStateException("there is a peer with this key already: " + peer);
    }
  }

  public void remove(Peer peer) {
    peers.remove(peer.publicKey(), peer);
  }

  public Collection<Peer> all() {
    return peers.values();
  }

  public int size() {
    return peers.size();
  }
}
