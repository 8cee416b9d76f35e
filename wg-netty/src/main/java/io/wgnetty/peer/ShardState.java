package io.wgnetty.peer;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.crypto.Blake2sState;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import java.util.SplittableRandom;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop's peers have in common: beside the tables that they stand in, whether they
 * are up and as whom, their deadlines, and who counts and hears what happens to them. Touched by
 * one thread only, but for {@link #directory}.
 */
public final class ShardState extends ShardTables {
  private final PeerDirectory directory;
  private final RandomGenerator jitter;
  private final LongSupplier epochNs;
  private final ShardEvents events;
  private final Blake2sState blake2s = new Blake2sState();
  private final Deadlines deadlines;
  private final DropCounters drops = new DropCounters();
  private final ShardCounters counters = new ShardCounters();
  private @Nullable LocalIdentity identity;
  private boolean up;

  /**
   * The state of a shard without peers, down.
   *
   * @param random unpredictable: indices come from it
   * @param epochNs the wall clock, in nanoseconds since 1970: for what people read only
   * @param alarm is given each moment at which a timer is due and that is earlier than all before
   */
  public ShardState(
      ShardPlace place,
      Timings timings,
      PeerDirectory directory,
      RandomGenerator random,
      LongSupplier epochNs,
      ShardEvents events,
      LongConsumer alarm) {
    super(place, timings, random);
    this.directory = directory;
    // Drawn for every batch that goes out, so a fast generator; collisions are broken, nothing is
    // hidden by it.
    this.jitter = new SplittableRandom(random.nextLong());
    this.epochNs = epochNs;
    this.events = events;
    this.deadlines = new Deadlines(alarm);
  }

  /** All peers of the interface. Any thread. */
  public PeerDirectory directory() {
    return directory;
  }

  /** Who is told what happens to the peers. */
  public ShardEvents events() {
    return events;
  }

  /** For the macs of what this shard sends. */
  public Blake2sState blake2s() {
    return blake2s;
  }

  public Deadlines deadlines() {
    return deadlines;
  }

  /** Counts what this shard's thread dropped. */
  public DropCounters drops() {
    return drops;
  }

  /** Counts what else this shard's thread did. */
  public ShardCounters counters() {
    return counters;
  }

  public @Nullable LocalIdentity identity() {
    return identity;
  }

  public void setIdentity(@Nullable LocalIdentity identity) {
    this.identity = identity;
  }

  public boolean isUp() {
    return up;
  }

  public void setUp(boolean up) {
    this.up = up;
  }

  /** The wall clock. */
  public long epochNs() {
    return epochNs.getAsLong();
  }

  /** What is added to handshake timers, so that nodes that collided once do not for ever. */
  public long jitterNs() {
    return jitter.nextLong(timings().maxJitterNs());
  }

  /** Counts a packet that this shard's thread dropped, for its peer too if it is one of ours. */
  public void countDrop(DropReason reason, @Nullable Peer peer) {
    drops.count(reason);
    if (peer != null && peer.shard() == this) {
      peer.countDrops(reason, 1);
    }
  }

  /** Brings the peer's place among the deadlines up to date: after anything that armed a timer. */
  public void reschedule(Peer peer) {
    if (up && peer.isAdopted() && peer.hasTimers()) {
      deadlines.atLatest(peer, peer.timers().earliestNs());
    }
  }

  /** Throws away what waits for a session that does not come. */
  public void purgeStaged(Peer peer) {
    if (peer.stagedPackets() > 0) {
      int packets = peer.staged().purge();
      drops.count(DropReason.STAGED_DROPPED, packets);
      peer.countDrops(DropReason.STAGED_DROPPED, packets);
    }
  }

  /**
   * The peer is at this place: configuration says so, or an authentic packet came from there. Tells
   * who listens if it was elsewhere.
   */
  public void found(Peer peer, Endpoint endpoint) {
    Endpoint known = peer.endpoint();
    if (endpoint.equals(known)) {
      return;
    }
    boolean isElsewhere = known == null || !endpoint.isSamePlace(known);
    if (isElsewhere) {
      peer.leaves(epochNs());
    }
    peer.setEndpoint(endpoint);
    if (isElsewhere && known != null) {
      events.roamed(peer, known, endpoint);
    }
  }
}
