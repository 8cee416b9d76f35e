package io.wgnetty.peer;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.KeySlab;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.LocalIdentity;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The share of an interface's peers that one event loop owns, with the tables and timers that go
 * with them.
 *
 * <p>Everything here is touched by one thread only, so there are no locks. {@link #handshakes()}
 * holds the rules of handshakes, {@link #transport()} those of data. Time comes in as {@code
 * nowNs}, nanoseconds of any clock that only goes forward and does not stop while the machine
 * sleeps.
 */
public final class PeerShard {
  private final ShardPlace place;
  private final Timings timings;
  private final PeerDirectory directory;
  private final RandomGenerator jitter;
  private final LongSupplier epochNs;
  private final StampClock stamps;
  private final ShardOutput output;
  private final KeySlab keySlab = new KeySlab();
  private final IndexTable indices;
  private final ShardTimers timers = new ShardTimers(this);
  private final DropCounters drops = new DropCounters();
  private final ShardCounters counters = new ShardCounters();
  private final StagedMemory stagedMemory = new StagedMemory();
  private final ShardEvents events;
  private final Set<Peer> peers = new LinkedHashSet<>();
  private final Handshakes handshakes;
  private final Transport transport;
  private @Nullable LocalIdentity identity;
  private boolean up;

  /**
   * A shard without peers, down.
   *
   * @param random unpredictable: indices come from it
   * @param epochNs the wall clock, in nanoseconds since 1970: for timestamps only
   * @param aead the cipher of this shard's thread
   */
  public PeerShard(
      ShardPlace place,
      Timings timings,
      PeerDirectory directory,
      RandomGenerator random,
      LongSupplier epochNs,
      Aead aead,
      ShardOutput output) {
    this(
        place,
        timings,
        directory,
        random,
        epochNs,
        new StampClock(),
        aead,
        output,
        ShardEvents.NONE);
  }

  /**
   * The same, with the clock of timestamps that all shards of a node share, and somebody who is
   * told what happens to the peers.
   */
  public PeerShard(
      ShardPlace place,
      Timings timings,
      PeerDirectory directory,
      RandomGenerator random,
      LongSupplier epochNs,
      StampClock stamps,
      Aead aead,
      ShardOutput output,
      ShardEvents events) {
    this.events = events;
    this.stamps = stamps;
    this.place = place;
    this.timings = timings;
    this.directory = directory;
    // Drawn for every batch that goes out, so a fast generator; collisions are broken, nothing is
    // hidden by it.
    this.jitter = new SplittableRandom(random.nextLong());
    this.epochNs = epochNs;
    this.output = output;
    this.indices = new IndexTable(random, place.number(), place.bits());
    this.handshakes = new Handshakes(this, aead);
    this.transport = new Transport(this);
  }

  /** Which of the interface's shards it is. */
  public int number() {
    return place.number();
  }

  /** The number of the shard to which a receiver index belongs. */
  public int owner(int receiverIndex) {
    return receiverIndex & (1 << place.bits()) - 1;
  }

  /** The rules by which handshakes begin, go on and end. */
  public Handshakes handshakes() {
    return handshakes;
  }

  /** The rules of data packets. */
  public Transport transport() {
    return transport;
  }

  /** Counts what this shard's thread dropped. */
  public DropCounters drops() {
    return drops;
  }

  /** Counts a packet that this shard's thread dropped, for its peer too if it is one of ours. */
  public void countDrop(DropReason reason, @Nullable Peer peer) {
    drops.count(reason);
    if (peer != null && peer.shard() == this) {
      peer.countDrops(reason, 1);
    }
  }

  /** Counts what else this shard's thread did. */
  public ShardCounters counters() {
    return counters;
  }

  /** The packets of all peers that wait for sessions. */
  public StagedMemory stagedMemory() {
    return stagedMemory;
  }

  /** Who is told what happens to the peers. */
  public ShardEvents events() {
    return events;
  }

  /** The live session with this receiver index, if any. */
  public @Nullable Session session(int receiverIndex) {
    return indices.session(receiverIndex);
  }

  public PeerDirectory directory() {
    return directory;
  }

  public @Nullable LocalIdentity identity() {
    return identity;
  }

  public boolean isUp() {
    return up;
  }

  /** A new peer for this shard, which does not have it before {@link #adopt}. Any thread. */
  public Peer create(PublicKey key) {
    return new Peer(key, this, timings);
  }

  /** Takes a peer that was {@link #create}d for this shard. */
  public void adopt(Peer peer) {
    peer.adopted = true;
    peers.add(peer);
  }

  /** Forgets a peer: sessions, keys, indices, timers and waiting packets. */
  public void remove(Peer peer) {
    peer.adopted = false;
    peers.remove(peer);
    forget(peer);
    peer.timers.setPersistentInterval(0);
    peer.cookieJar.wipe();
    peer.remote().retire();
    peer.presharedKey().wipe();
  }

  public Collection<Peer> peers() {
    return peers;
  }

  /** The interface comes up: what waits may go, and whoever is to be kept alive hears from us. */
  public void up(long nowNs) {
    up = true;
    for (Peer peer : peers) {
      if (peer.keepaliveSeconds() > 0) {
        peer.timers.startPersistent(nowNs);
        transport.sendKeepalive(peer, nowNs);
      } else {
        transport.flush(peer, nowNs);
      }
      reschedule(peer);
    }
  }

  /** The interface goes down: every session ends, nothing is sent any more (protocol 3.8). */
  public void down() {
    up = false;
    peers.forEach(this::forget);
    handshakes.attempts().forgetWaiting();
  }

  /**
   * Ends every session and handshake, and begins afresh: their keys and counters may be in use
   * elsewhere.
   */
  public void forgetSessions(long nowNs) {
    if (up) {
      down();
      up(nowNs);
    }
  }

  /** Wipes and frees the memory of the keys. Nothing of this shard may be used any more. */
  public void close() {
    down();
    keySlab.close();
  }

  /**
   * Takes a new private key, or none: running handshakes end, sessions send nothing more (protocol
   * 3.2).
   */
  public void setIdentity(@Nullable LocalIdentity newIdentity) {
    identity = newIdentity;
    for (Peer peer : peers) {
      handshakes.abandon(peer);
      peer.slots.forbidSending();
      peer.forgetHandshakeSent();
      peer.handshakeAttempt = 0;
      peer.unusable = false;
      peer.remote().wipe(); // the secret that was computed with the old key
    }
  }

  /**
   * Lets routing choose again which address of ours each peer hears from: the port or the mark has
   * changed (protocol 4.4).
   */
  public void dropLocalAddresses() {
    peers.forEach(Peer::dropLocalAddress);
  }

  /** Sends what waited for a private key, or asks for sessions to send it with. */
  public void flushAll(long nowNs) {
    if (up) {
      for (Peer peer : peers) {
        transport.flush(peer, nowNs);
        reschedule(peer);
      }
    }
  }

  /** Sets how often a peer hears from us at least, in seconds; 0 is never. */
  public void setKeepalive(Peer peer, int seconds, long nowNs) {
    boolean starts = peer.keepaliveSeconds() == 0 && seconds > 0;
    peer.timers.setPersistentInterval(seconds);
    if (starts && up) {
      peer.timers.startPersistent(nowNs);
      transport.sendKeepalive(peer, nowNs);
    }
    reschedule(peer);
  }

  /** Tries to send what waits: configuration may have brought an endpoint. */
  public void configured(Peer peer, long nowNs) {
    if (up) {
      transport.flush(peer, nowNs);
      reschedule(peer);
    }
  }

  /** Runs every timer whose time has come. */
  public void expire(long nowNs) {
    timers.expire(nowNs);
  }

  /** When {@link #expire} has something to do, {@link Long#MAX_VALUE} if never. */
  public long nextDeadlineNs() {
    return timers.nextDeadlineNs();
  }

  /** Brings the peer's place among the deadlines up to date: after anything that armed a timer. */
  void reschedule(Peer peer) {
    timers.reschedule(peer);
  }

  private void forget(Peer peer) {
    handshakes.abandon(peer);
    peer.slots.dropAll();
    purgeStaged(peer);
    peer.timers.cancelAll();
    peer.handshakeGated = false;
    peer.handshakeAttempt = 0;
    timers.remove(peer);
  }

  /** Throws away what waits for a session that does not come. */
  void purgeStaged(Peer peer) {
    int packets = peer.staged.purge();
    if (packets > 0) {
      drops.count(DropReason.STAGED_DROPPED, packets);
      peer.countDrops(DropReason.STAGED_DROPPED, packets);
    }
  }

  void closeSession(Session session) {
    indices.release(session);
    session.close();
  }

  Timings timings() {
    return timings;
  }

  IndexTable indices() {
    return indices;
  }

  KeySlab keySlab() {
    return keySlab;
  }

  ShardOutput output() {
    return output;
  }

  long epochNs() {
    return epochNs.getAsLong();
  }

  /** The time for the timestamp of an initiation. */
  long stampNs(long nowNs) {
    return stamps.at(nowNs, epochNs());
  }

  /** What is added to handshake timers, so that nodes that collided once do not for ever. */
  long jitterNs() {
    return jitter.nextLong(timings.maxJitterNs());
  }
}
