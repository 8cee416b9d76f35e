package io.wgnetty.peer;

import io.wgnetty.allowedips.AllowedIpList;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PresharedKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.limit.FlowTerms;
import io.wgnetty.limit.PeerFlows;
import io.wgnetty.protocol.CookieJar;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.RemoteIdentity;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Another node: its key, where it is, its sessions, timers and waiting packets. Most peers are
 * idle, and many are never heard: what only some need is made when it is first asked for, so
 * whoever only looks asks first whether there is any.
 *
 * <p>Touched by its shard's thread only, but for the allowed IPs, which the table's one writer
 * keeps, and {@link #remote()}, which is made for any thread.
 */
public final class Peer extends PeerCounters implements AllowedIps.Owner {
  /** The place in {@link DeadlineHeap}, -1 while not in it. */
  int heapPosition = -1;

  /** The moment for which the peer stands in {@link DeadlineHeap}. */
  long deadlineNs = PeerTimers.NEVER;

  /** The place in {@link PeerRoster}, -1 while not in it. */
  int rosterPlace = -1;

  /**
   * There from the first handshake on, as are the three that follow. See also {@link PeerState}.
   */
  @Nullable HandshakeProgress handshake;

  @Nullable SessionSlots slots;
  @Nullable PeerTimers timers;
  private @Nullable CookieJar cookieJar;

  /** There once a packet had to wait. */
  private @Nullable StagedQueue staged;

  /** Its shard has it: before and after, what arrives for it is dropped. */
  private boolean adopted;

  private final ShardTables shard;
  private final RemoteIdentity remote;
  private final AllowedIpList allowedIps = new AllowedIpList();
  private PresharedKey presharedKey = PresharedKey.none();

  /** Changed by the owner; other loops look whether there is one. */
  volatile @Nullable Endpoint endpoint;

  long endpointSinceEpochNs;
  @Nullable EndpointHistory endpointHistory;
  @Nullable DropCounters drops;

  /** There while it has a limit, or has had one. */
  private @Nullable PeerFlows flows;

  /** A peer for this shard, which does not have it yet. */
  public Peer(PublicKey publicKey, ShardTables shard) {
    this.shard = shard;
    this.remote = new RemoteIdentity(publicKey);
  }

  public PublicKey publicKey() {
    return remote.publicKey();
  }

  public RemoteIdentity remote() {
    return remote;
  }

  /** The shard that owns this peer. */
  public ShardTables shard() {
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

  /** Where the peer is. Not told to anybody, as what {@link ShardState#found} does. */
  public void setEndpoint(Endpoint endpoint) {
    this.endpoint = endpoint;
  }

  /** The peer leaves the place where it is, if it is anywhere, for another. */
  void leaves(long epochNs) {
    Endpoint left = endpoint;
    if (left != null) {
      EndpointHistory history = endpointHistory;
      if (history == null) {
        history = new EndpointHistory();
        endpointHistory = history;
      }
      history.left(new EndpointChange(left.withoutLocal(), endpointSinceEpochNs));
    }
    endpointSinceEpochNs = epochNs;
  }

  /** Nobody knows where the peer is, until it calls or configuration says so. */
  public void forgetEndpoint() {
    endpoint = null;
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
  public void dropLocalAddress() {
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
    return timers == null ? 0 : timers.persistentIntervalSeconds();
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

  /** What goes in both directions, if it ever had a limit. */
  public @Nullable PeerFlows flows() {
    return flows;
  }

  /** Holds what the peer carries to these terms from now on. */
  public void setTerms(FlowTerms terms, long nowNs) {
    PeerFlows both = flows;
    if (both != null) {
      both.change(terms, nowNs);
    } else if (!terms.isNone()) {
      flows = new PeerFlows(terms, shard.limitPeers());
    }
  }

  /** How far a handshake is. */
  public HandshakeState handshakeState(long nowNs) {
    if (handshakeAttempt() > 0) {
      return HandshakeState.INITIATING;
    }
    boolean answers = handshake != null && handshake.answering() != null;
    if (answers || (slots != null && slots.awaitsConfirmation())) {
      return HandshakeState.ANSWERING;
    }
    Session current = currentSession();
    if (current != null && current.maySend(nowNs)) {
      return HandshakeState.ESTABLISHED;
    }
    return lastHandshakeEpochNs() == 0 ? HandshakeState.NONE : HandshakeState.EXPIRED;
  }

  /** Which attempt of ours is under way; 0 if none is. */
  public int handshakeAttempt() {
    return handshake == null ? 0 : handshake.attempt();
  }

  /** How far its handshakes are; made when it is first asked for. */
  public HandshakeProgress handshake() {
    HandshakeProgress progress = handshake;
    if (progress == null) {
      progress = new HandshakeProgress();
      handshake = progress;
    }
    return progress;
  }

  /** Whether there ever was anything of a handshake. */
  public boolean hasHandshake() {
    return handshake != null;
  }

  /** The three places for sessions. */
  public SessionSlots slots() {
    SessionSlots places = slots;
    if (places == null) {
      places = new SessionSlots(shard);
      slots = places;
    }
    return places;
  }

  /** Whether there ever was a session. */
  public boolean hasSlots() {
    return slots != null;
  }

  public PeerTimers timers() {
    PeerTimers all = timers;
    if (all == null) {
      all = new PeerTimers(shard.timings());
      timers = all;
    }
    return all;
  }

  /** Whether a timer was ever armed. */
  public boolean hasTimers() {
    return timers != null;
  }

  /** What the peer gave us as proof of our address. */
  public CookieJar cookieJar() {
    CookieJar jar = cookieJar;
    if (jar == null) {
      jar = new CookieJar(remote);
      cookieJar = jar;
    }
    return jar;
  }

  /** Overwrites its secrets and keeps none from now on: it is removed. */
  public void retire() {
    if (cookieJar != null) {
      cookieJar.wipe();
    }
    remote.retire();
    presharedKey.wipe();
  }

  /** Whether one of its timers is armed, or was lately. */
  public boolean hasDeadline() {
    return heapPosition >= 0;
  }

  /** Whether its shard has it: before and after, what arrives for it is dropped. */
  public boolean isAdopted() {
    return adopted;
  }

  public void setAdopted(boolean adopted) {
    this.adopted = adopted;
  }

  /** The packets that wait for a session. */
  public StagedQueue staged() {
    StagedQueue queue = staged;
    if (queue == null) {
      queue = new StagedQueue(this, shard.stagedMemory());
      staged = queue;
    }
    return queue;
  }

  /** How many packets wait for a session. */
  public int stagedPackets() {
    return staged == null ? 0 : staged.size();
  }

  /** The session that data is sent with, if there is one; it may be too old. */
  public @Nullable Session currentSession() {
    return slots == null ? null : slots.current();
  }

  @Override
  public String toString() {
    return remote.publicKey().toString();
  }
}
