package io.wgnetty.shard;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.handshake.Handshakes;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.PeerRoster;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.ShardState;
import io.wgnetty.peer.StagedMemory;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.LocalIdentity;
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
  private final ShardState state;
  private final PeerRoster peers = new PeerRoster();
  private final Handshakes handshakes;
  private final Transport transport;
  private final ShardTimers timers;

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
    this.state = new ShardState(place, timings, directory, random, epochNs, events, output::wakeAt);
    this.handshakes = new Handshakes(state, aead, stamps, output, this::sessionReady);
    this.transport = new Transport(state, handshakes, output);
    this.timers = new ShardTimers(state, handshakes, transport);
  }

  private void sessionReady(Peer peer, long nowNs) {
    transport.sendKeepalive(peer, nowNs);
  }

  /** What its rules share. */
  public ShardState state() {
    return state;
  }

  /** Which of the interface's shards it is. */
  public int number() {
    return state.number();
  }

  /** The number of the shard to which a receiver index belongs. */
  public int owner(int receiverIndex) {
    return state.place().shardOf(receiverIndex);
  }

  /** Whether a receiver index is one of another node's that shares the interface's peers. */
  public boolean isElsewhere(int receiverIndex) {
    return state.place().isElsewhere(receiverIndex);
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
    return state.drops();
  }

  /** Counts a packet that this shard's thread dropped, for its peer too if it is one of ours. */
  public void countDrop(DropReason reason, @Nullable Peer peer) {
    state.countDrop(reason, peer);
  }

  /** Counts what else this shard's thread did. */
  public ShardCounters counters() {
    return state.counters();
  }

  /** The packets of all peers that wait for sessions. */
  public StagedMemory stagedMemory() {
    return state.stagedMemory();
  }

  /** Who is told what happens to the peers. */
  public ShardEvents events() {
    return state.events();
  }

  /** The live session with this receiver index, if any. */
  public @Nullable Session session(int receiverIndex) {
    return state.indices().session(receiverIndex);
  }

  public boolean isUp() {
    return state.isUp();
  }

  /** A new peer for this shard, which does not have it before {@link #adopt}. Any thread. */
  public Peer create(PublicKey key) {
    return new Peer(key, state);
  }

  /** Takes a peer that was {@link #create}d for this shard. */
  public void adopt(Peer peer) {
    peer.setAdopted(true);
    peers.join(peer);
  }

  /** Forgets a peer: sessions, keys, indices, timers and waiting packets. */
  public void remove(Peer peer) {
    peer.setAdopted(false);
    peers.leave(peer);
    forget(peer);
    events().removed(peer);
    if (peer.hasTimers()) {
      peer.timers().setPersistentInterval(0);
    }
    peer.retire();
  }

  /**
   * Forgets the sessions of a peer that has gone to another node, and where it was: nothing is sent
   * to it any more before it calls.
   */
  public void leave(Peer peer) {
    forget(peer);
    peer.forgetEndpoint();
  }

  public PeerRoster peers() {
    return peers;
  }

  /**
   * The interface comes up: what waits may go, and whoever is to be kept alive hears from us, as
   * soon as it is visited.
   */
  public PeerVisits beginUp() {
    state.setUp(true);
    return new PeerVisits(peers, this::wake);
  }

  private void wake(Peer peer, long nowNs) {
    if (peer.keepaliveSeconds() > 0) {
      peer.timers().startPersistent(nowNs);
      transport.sendKeepalive(peer, nowNs);
    } else {
      transport.flush(peer, nowNs);
    }
    state.reschedule(peer);
  }

  /** {@link #beginUp} and all visits. */
  public void up(long nowNs) {
    beginUp().all(nowNs);
  }

  /**
   * The interface goes down: nothing is sent any more, and every peer's sessions end when it is
   * visited (protocol 3.8).
   */
  public PeerVisits beginDown() {
    state.setUp(false);
    handshakes.attempts().forgetWaiting();
    return new PeerVisits(peers, (peer, nowNs) -> forget(peer));
  }

  /** {@link #beginDown} and all visits. */
  public void down() {
    beginDown().all(0);
  }

  /**
   * Ends every session and handshake, and begins afresh: their keys and counters may be in use
   * elsewhere.
   */
  public void forgetSessions(long nowNs) {
    if (state.isUp()) {
      down();
      up(nowNs);
    }
  }

  /**
   * Wipes and frees the memory of the keys. Nothing of this shard may be used any more.
   *
   * @throws IllegalStateException if another thread still works with some of them
   */
  public void close() {
    down();
    if (state.keySlab().inUse() > 0) {
      throw new IllegalStateException("keys are in use");
    }
    state.keySlab().close();
  }

  /**
   * Takes a new private key, or none: running handshakes end, sessions send nothing more as soon as
   * their peer is visited (protocol 3.2).
   */
  public PeerVisits beginIdentity(@Nullable LocalIdentity newIdentity) {
    state.setIdentity(newIdentity);
    return new PeerVisits(peers, (peer, nowNs) -> forgetIdentity(peer));
  }

  private void forgetIdentity(Peer peer) {
    if (peer.hasHandshake()) {
      handshakes.abandon(peer);
      peer.handshake().forgetSent();
      peer.handshake().endAttempts();
      peer.handshake().setUnusable(false);
    }
    if (peer.hasSlots()) {
      peer.slots().forbidSending();
    }
    peer.remote().wipe(); // the secret that was computed with the old key
  }

  /** {@link #beginIdentity} and all visits. */
  public void setIdentity(@Nullable LocalIdentity newIdentity) {
    beginIdentity(newIdentity).all(0);
  }

  /**
   * Lets routing choose again which address of ours each peer hears from: the port or the mark has
   * changed (protocol 4.4).
   */
  public PeerVisits beginDropLocalAddresses() {
    return new PeerVisits(peers, (peer, nowNs) -> peer.dropLocalAddress());
  }

  /** Sends what waited for a private key, or asks for sessions to send it with. */
  public PeerVisits beginFlush() {
    return new PeerVisits(peers, this::configured);
  }

  /** {@link #beginFlush} and all visits. */
  public void flushAll(long nowNs) {
    beginFlush().all(nowNs);
  }

  /** Sets how often a peer hears from us at least, in seconds; 0 is never. */
  public void setKeepalive(Peer peer, int seconds, long nowNs) {
    if (seconds == peer.keepaliveSeconds()) {
      return;
    }
    boolean starts = peer.keepaliveSeconds() == 0;
    peer.timers().setPersistentInterval(seconds);
    if (starts && state.isUp()) {
      peer.timers().startPersistent(nowNs);
      transport.sendKeepalive(peer, nowNs);
    }
    state.reschedule(peer);
  }

  /** Tries to send what waits: configuration may have brought an endpoint. */
  public void configured(Peer peer, long nowNs) {
    if (state.isUp()) {
      transport.flush(peer, nowNs);
      state.reschedule(peer);
    }
  }

  /** Runs every timer whose time has come. */
  public void expire(long nowNs) {
    timers.expire(nowNs);
  }

  /** When {@link #expire} has something to do, {@link Long#MAX_VALUE} if never. */
  public long nextDeadlineNs() {
    return state.deadlines().earliestNs();
  }

  private void forget(Peer peer) {
    if (peer.hasHandshake()) {
      handshakes.abandon(peer);
      peer.handshake().openGate();
      peer.handshake().endAttempts();
    }
    if (peer.hasSlots()) {
      peer.slots().dropAll();
    }
    state.purgeStaged(peer);
    if (peer.hasTimers()) {
      peer.timers().cancelAll();
    }
    state.deadlines().remove(peer);
  }
}
