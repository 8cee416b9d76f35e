package io.wgnetty.peer;

import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another node: its key, where it is, its sessions, timers and waiting packets.
 *
 * <p>Touched by its shard's thread only, but for the allowed IPs, which the table's one writer
 * keeps, and {@link #remote()}, which is made for any thread.
 */
public final class Peer implements AllowedIps.Owner {
  /** What {@link #heardNs()} says of a peer that never sent anything. */
  public static final long NEVER_HEARD = Long.MIN_VALUE;

  private static final VarHandle LAST_HANDSHAKE = field("lastHandshakeEpochNs");
  private static final VarHandle RECEIVED_BYTES = field("receivedBytes");
  private static final VarHandle SENT_BYTES = field("sentBytes");
  private static final VarHandle HEARD = field("heardNs");

  final SessionSlots slots;
  final PeerTimers timers;
  final StagedQueue staged;
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

  /** Which attempt of ours is under way; 0 if none is. */
  int handshakeAttempt;

  /** When the handshake under way began; meaningless without one. */
  long handshakeBegunNs;

  /**
   * When a handshake was last completed; meaningless before {@link #lastHandshakeEpochNs} is set.
   */
  long lastCompletedNs;

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

  private long endpointSinceEpochNs;
  private @Nullable EndpointHistory endpointHistory;
  private long receivedPackets;
  private long sentPackets;
  private @Nullable DropCounters drops;

  // Written by the owner alone, read by any thread: opaque, which costs what a plain field does.
  private long lastHandshakeEpochNs;
  private long receivedBytes;
  private long sentBytes;

  @SuppressWarnings("UnusedVariable") // through HEARD
  private long heardNs = NEVER_HEARD;

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(Peer.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  Peer(PublicKey publicKey, PeerShard shard, Timings timings) {
    this.shard = shard;
    this.remote = new RemoteIdentity(publicKey);
    this.cookieJar = new CookieJar(remote);
    this.timers = new PeerTimers(timings);
    this.slots = new SessionSlots(shard::closeSession);
    this.staged = new StagedQueue(shard.counters());
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
    Endpoint known = this.endpoint;
    if (endpoint.equals(known)) {
      return;
    }
    this.endpoint = endpoint;
    if (known == null) {
      endpointSinceEpochNs = shard.epochNs();
    } else if (!endpoint.withoutLocal().equals(known.withoutLocal())) {
      moved(known, endpoint);
    }
  }

  private void moved(Endpoint from, Endpoint to) {
    EndpointHistory history = endpointHistory;
    if (history == null) {
      history = new EndpointHistory();
      endpointHistory = history;
    }
    history.left(new EndpointChange(from.withoutLocal(), endpointSinceEpochNs));
    endpointSinceEpochNs = shard.epochNs();
    shard.events().roamed(this, from, to);
  }

  /** How often the peer was found elsewhere. */
  public int endpointChanges() {
    return endpointHistory == null ? 0 : endpointHistory.changes();
  }

  /** Where the peer was lately, the present place last. */
  public List<EndpointChange> recentEndpoints() {
    List<EndpointChange> places =
        endpointHistory == null ? new ArrayList<>() : endpointHistory.past();
    Endpoint present = endpoint;
    if (present != null) {
      places.add(new EndpointChange(present.withoutLocal(), endpointSinceEpochNs));
    }
    return places;
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
   * none. Any thread.
   */
  public long lastHandshakeEpochNs() {
    return (long) LAST_HANDSHAKE.getOpaque(this);
  }

  void handshakeCompletedAt(long epochNs) {
    LAST_HANDSHAKE.setOpaque(this, epochNs);
  }

  /** Bytes received, as WireGuard counts them. Any thread. */
  public long receivedBytes() {
    return (long) RECEIVED_BYTES.getOpaque(this);
  }

  /** Bytes sent, as WireGuard counts them. Any thread. */
  public long sentBytes() {
    return (long) SENT_BYTES.getOpaque(this);
  }

  /** When something authentic last came; {@link #NEVER_HEARD} if nothing did. Any thread. */
  public long heardNs() {
    return (long) HEARD.getOpaque(this);
  }

  void heardAt(long nowNs) {
    HEARD.setOpaque(this, nowNs);
  }

  /** Counts the UDP payload of an accepted handshake message. */
  public void countReceived(long bytes) {
    RECEIVED_BYTES.setOpaque(this, receivedBytes + bytes);
  }

  /** Counts accepted transport messages and their UDP payload. */
  public void countReceived(int packets, long bytes) {
    receivedPackets += packets;
    RECEIVED_BYTES.setOpaque(this, receivedBytes + bytes);
  }

  /** Counts the UDP payload of messages that went out. */
  public void countSent(long bytes) {
    SENT_BYTES.setOpaque(this, sentBytes + bytes);
  }

  /** Counts transport messages that went out. */
  public void countSentPackets(int packets) {
    sentPackets += packets;
  }

  /** Transport messages accepted. */
  public long receivedPackets() {
    return receivedPackets;
  }

  /** Transport messages that went out. */
  public long sentPackets() {
    return sentPackets;
  }

  /** Counts packets of this peer that were dropped; on the owner's thread, as all else. */
  public void countDrops(DropReason reason, int packets) {
    DropCounters counters = drops;
    if (counters == null) {
      counters = new DropCounters();
      drops = counters;
    }
    counters.count(reason, packets);
  }

  /** What was dropped of this peer's packets: the reasons that there were. */
  public Map<DropReason, Long> drops() {
    return drops == null ? Map.of() : drops.nonZero();
  }

  /** How far a handshake is. */
  public HandshakeState handshakeState(long nowNs) {
    if (handshakeAttempt > 0) {
      return HandshakeState.INITIATING;
    }
    if (answering != null || slots.next() != null) {
      return HandshakeState.ANSWERING;
    }
    Session current = slots.current();
    if (current != null && current.maySend(nowNs)) {
      return HandshakeState.ESTABLISHED;
    }
    return lastHandshakeEpochNs == 0 ? HandshakeState.NONE : HandshakeState.EXPIRED;
  }

  /** Which attempt of ours is under way; 0 if none is. */
  public int handshakeAttempt() {
    return handshakeAttempt;
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
