package io.wgnetty.peer;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import org.jspecify.annotations.Nullable;

/**
 * Another node: its key, where it is, its sessions, timers and waiting packets.
 *
 * <p>Touched by its shard's thread only, but for the allowed IPs, which the table's one writer
 * keeps, and {@link #remote()}, which is made for any thread.
 */
public final class Peer implements AllowedIps.Owner {
  final SessionSlots slots;
  final PeerTimers timers;
  final StagedQueue staged = new StagedQueue();
  final CookieJar cookieJar;

  /** The place in {@link DeadlineHeap}, -1 while not in it. */
  int heapPosition = -1;

  /** The moment for which the peer stands in {@link DeadlineHeap}. */
  long deadlineNs = PeerTimers.NEVER;

  /** Our handshake that awaits its answer, or is being computed. */
  @Nullable PendingHandshake handshake;

  /** The peer's initiation that we are answering. */
  @Nullable ResponderHandshake answering;

  /**
   * When a handshake message of ours last went out; meaningless unless {@link #handshakeEverSent}.
   */
  long lastHandshakeSentNs;

  boolean handshakeEverSent;

  /**
   * When an initiation of the peer was last accepted; meaningless before {@link #greatestTimestamp}
   * is set.
   */
  long lastInitiationNs;

  /**
   * The timestamp of the newest initiation ever accepted: it outlives sessions, so that none is
   * replayed.
   */
  byte @Nullable [] greatestTimestamp;

  /** The last-minute rekey of rule 3.3(c) was asked for in this session. */
  boolean lastMinuteRekeyAsked;

  /** Its shard has it: before and after, what arrives for it is dropped. */
  boolean adopted;

  private final PeerShard shard;
  private final RemoteIdentity remote;
  private final AllowedIpList allowedIps = new AllowedIpList();
  private PresharedKey presharedKey = PresharedKey.none();

  /** Changed by the owner; other loops look whether there is one. */
  private volatile @Nullable Endpoint endpoint;

  private long lastHandshakeEpochNs;
  private long receivedBytes;
  private long sentBytes;

  Peer(PublicKey publicKey, PeerShard shard, Timings timings) {
    this.shard = shard;
    this.remote = new RemoteIdentity(publicKey);
    this.cookieJar = new CookieJar(remote);
    this.timers = new PeerTimers(timings);
    this.slots = new SessionSlots(shard::closeSession);
  }

  public PublicKey publicKey() {
    return remote.publicKey();
  }

  public RemoteIdentity remote() {
    return remote;
  }

  /** The shard that owns this peer. */
  public PeerShard shard() {
    return shard;
  }

  @Override
  public AllowedIpList allowedIps() {
    return allowedIps;
  }

  public PresharedKey presharedKey() {
    return presharedKey;
  }

  /** Sets the key that the next handshake mixes in, takes ownership, and wipes the old one. */
  public void setPresharedKey(PresharedKey key) {
    if (presharedKey.sameAs(key)) {
      // The same again must not make a handshake in progress start over.
      key.wipe();
      return;
    }
    presharedKey.wipe();
    presharedKey = key;
  }

  public @Nullable Endpoint endpoint() {
    return endpoint;
  }

  /** Where the peer is: by configuration, or because an authentic packet came from there. */
  public void setEndpoint(Endpoint endpoint) {
    if (!endpoint.equals(this.endpoint)) {
      this.endpoint = endpoint;
    }
  }

  /** Lets routing choose again which address of ours the peer hears from (protocol 4.4). */
  void dropLocalAddress() {
    if (endpoint != null) {
      endpoint = endpoint.withoutLocal();
    }
  }

  /** The same, if the peer is still where sending from that address of ours failed. */
  public void dropLocalAddress(Endpoint failed) {
    if (failed.equals(endpoint)) {
      dropLocalAddress();
    }
  }

  public int keepaliveSeconds() {
    return timers.persistentIntervalSeconds();
  }

  /**
   * Wall-clock time of the latest completed handshake in nanoseconds since 1970; 0 if there was
   * none.
   */
  public long lastHandshakeEpochNs() {
    return lastHandshakeEpochNs;
  }

  void handshakeCompletedAt(long epochNs) {
    lastHandshakeEpochNs = epochNs;
  }

  public long receivedBytes() {
    return receivedBytes;
  }

  public long sentBytes() {
    return sentBytes;
  }

  /** Counts the UDP payload of an accepted message. */
  public void countReceived(long bytes) {
    receivedBytes += bytes;
  }

  /** Counts the UDP payload of messages that went out. */
  public void countSent(long bytes) {
    sentBytes += bytes;
  }

  /** The packets that wait for a session. */
  public StagedQueue staged() {
    return staged;
  }

  /** The session that data is sent with, if there is one; it may be too old. */
  public @Nullable Session currentSession() {
    return slots.current();
  }

  void stampHandshakeSent(long nowNs) {
    lastHandshakeSentNs = nowNs;
    handshakeEverSent = true;
  }

  @Override
  public String toString() {
    return remote.publicKey().toString();
  }
}
