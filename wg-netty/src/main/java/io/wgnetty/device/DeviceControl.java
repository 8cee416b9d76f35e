package io.wgnetty.device;

import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What may be read and changed of a running interface.
 *
 * <p>Called by the control thread only, one call at a time; every call returns when its effect is
 * in force. Changing a peer never drops its live session.
 */
public interface DeviceControl {
  /** Peers of an interface: as many as the kernel allows one. */
  int MAX_PEERS = 1 << 20;

  /** The interface's own settings. */
  DeviceSettings settings();

  /** Where the ciphers that carry the data come from; {@code null} if nobody knows. Any thread. */
  default @Nullable AeadProvider aead() {
    return null;
  }

  /**
   * Sets the private key, or removes it ({@code null}). The same key again changes nothing. Takes
   * ownership.
   */
  void setPrivateKey(@Nullable PrivateKey key);

  /**
   * Sets the UDP port, 0 for any free one, and binds again if the interface is up.
   *
   * @throws IOException if the port cannot be bound; the old one stays in use
   */
  void setListenPort(int port) throws IOException;

  /**
   * Sets the mark of outgoing datagrams, 0 for none.
   *
   * @throws IOException if the sockets refuse the mark
   */
  void setFwmark(int mark) throws IOException;

  /**
   * Binds the sockets now, and answers. For a caller who sets the link up within the next two
   * seconds and wants to know whether the port is free; otherwise it is done when the news of the
   * link comes.
   *
   * @throws IOException if the port cannot be bound
   */
  void bringUp() throws IOException;

  /** Removes every peer. */
  void removeAllPeers();

  /** Makes the changes, in order. One call with many changes costs far less than many calls. */
  void apply(List<PeerChange> changes);

  /**
   * Sends to another address of a peer's name from now on. Without effect if the peer is gone.
   *
   * @param name as it was configured
   */
  default void moveByName(PublicKey key, String name, Endpoint endpoint) {
    apply(List.of(new PeerChange(key, false, true, null, endpoint, null, false, List.of())));
  }

  /** Those who call without being peers. Any thread. */
  default Callers callers() {
    return Callers.NONE;
  }

  /** The sessions of the peers, where other nodes have the same peers. Any thread. */
  default PeerSessions sessions() {
    return PeerSessions.NONE;
  }

  /** Whether there is a peer with this key. */
  boolean hasPeer(PublicKey key);

  /** The public keys of all peers at this moment. */
  List<PublicKey> peerKeys();

  /** What is known of these peers; those that are gone by now are left out. */
  List<PeerSnapshot> snapshots(List<PublicKey> keys);

  /** All that may be shown of these peers; those that are gone by now are left out. */
  List<PeerDetails> details(List<PublicKey> keys);

  /**
   * What is worth knowing of these peers after the interface has ended; those that are gone by now
   * are left out.
   */
  default List<PeerTrace> traces(List<PublicKey> keys) {
    return List.of();
  }

  /**
   * What all peers have sent and received so far. Any thread; no loop is disturbed by it, so it may
   * be asked for often, also with very many peers.
   */
  List<PeerTraffic> traffic();

  /** What the interface has done so far, and how it stands. Any thread. */
  DeviceCounters counters();

  /** Where captures of its packets are begun. Any thread. */
  default Captures captures() {
    return Captures.NONE;
  }

  /** What peers may carry. */
  default Limits limits() {
    return Limits.NONE;
  }

  /**
   * Ends every session and begins afresh: the machine goes on from a snapshot, so keys and counters
   * may have been used before.
   */
  default void forgetSessions() {
    throw new UnsupportedOperationException("there are no sessions here");
  }

  /** Names a peer, for logs and lists; {@code null} takes the name away. Any thread. */
  void setLabel(PublicKey key, @Nullable String label);

  /** The name of a peer, if it has one. Any thread. */
  @Nullable String label(PublicKey key);
}
