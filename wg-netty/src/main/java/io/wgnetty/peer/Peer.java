package io.wgnetty.peer;

import io.wgnetty.allowedips.AllowedIpList;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RemoteIdentity;
import io.wgnetty.protocol.ResponderHandshake;
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
public final class Peer extends PeerCounters implements AllowedIps.Owner {
  /** Before anything; far enough from the ends that differences to it are right. */
  private static final long LONG_AGO = Long.MIN_VALUE / 2;

  final SessionSlots slots;
  final PeerTimers timers;
  final StagedQueue staged;
  final CookieJar cookieJar;

  /** The place in {@link DeadlineHeap}, -1 while not in it. */
  int heapPosition = -1;

  /** The moment for which the peer stands in {@link DeadlineHeap}. */
  long deadlineNs = PeerTimers.NEVER;

  /** Our initiation that awaits its answer, or is being computed. */
  @Nullable PendingHandshake initiating;

  /** The peer's initiation that we are answering. */
  @Nullable ResponderHandshake answering;

  /** The index of the session that this answer leads to; there as long as {@link #answering}. */
  @Nullable PendingHandshake answer;

  /** When a handshake message of ours last went out, or was begun. */
  long lastHandshakeSentNs = LONG_AGO;

  /** Whether the next handshake has to keep its distance from the last one. */
  boolean handshakeGated;

  /** Which attempt of ours is under way; 0 if none is. */
  int handshakeAttempt;

  /** When the handshake under way began; meaningless without one. */
  long handshakeBegunNs;

  /**
   * When a handshake was last completed; meaningless before {@link #lastHandshakeEpochNs()} is set.
   */
  long lastCompletedNs;

  /**
   * When an initiation of the peer was last accepted; meaningless before {@link #greatestTimestamp}
   * is set.
   */
  long lastInitiationNs;

  /** Up to when initiations of the peer have used up what it may have computed for it. */
  long initiationsPaidUntilNs = LONG_AGO;

  /** Its key is a point of low order: nothing may ever be sent to it. */
  boolean unusable;

  /**
   * The timestamp of the newest initiation ever accepted: it outlives sessions, so that none is
   * replayed.
   */
  byte @Nullable [] greatestTimestamp;

  /** An attempt of ours waits for room with the workers. */
  boolean waitsForWorkers;

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
  private @Nullable DropCounters drops;

  Peer(PublicKey publicKey, PeerShard shard, Timings timings) {
    this.shard = shard;
    this.remote = new RemoteIdentity(publicKey);
    this.cookieJar = new CookieJar(remote);
    this.timers = new PeerTimers(timings);
    this.slots = new SessionSlots(shard::closeSession);
    this.staged = new StagedQueue(this, shard.stagedMemory());
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
    if (answering != null || slots.awaitsConfirmation()) {
      return HandshakeState.ANSWERING;
    }
    Session current = slots.current();
    if (current != null && current.maySend(nowNs)) {
      return HandshakeState.ESTABLISHED;
    }
    return lastHandshakeEpochNs() == 0 ? HandshakeState.NONE : HandshakeState.EXPIRED;
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

  /**
   * Whether one more initiation of the peer may be answered now; if so, it is accounted for. On
   * average one every {@link Timings#INITIATION_SPACING_NS}. What waited in a queue while the
   * machine or the node stood still comes at once, and only the last of it counts for the peer, so
   * as many as one second allows may come together.
   */
  boolean mayInitiate(long nowNs) {
    long paidUntilNs = Math.max(initiationsPaidUntilNs, nowNs) + Timings.INITIATION_SPACING_NS;
    if (paidUntilNs - nowNs > Timings.INITIATION_BURST_NS) {
      return false;
    }
    initiationsPaidUntilNs = paidUntilNs;
    return true;
  }

  /** Lets the next handshake begin at once: it is under another key of ours. */
  void forgetHandshakeSent() {
    lastHandshakeSentNs = LONG_AGO;
    handshakeGated = false;
  }

  void stampHandshakeSent(long nowNs) {
    lastHandshakeSentNs = nowNs;
    handshakeGated = true;
  }

  @Override
  public String toString() {
    return remote.publicKey().toString();
  }
}
