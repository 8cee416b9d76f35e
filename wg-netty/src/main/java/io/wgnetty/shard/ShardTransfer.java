package io.wgnetty.shard;

import io.wgnetty.handshake.Handshakes;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerRoster;
import io.wgnetty.peer.PeerState;
import io.wgnetty.peer.ShardState;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;

/**
 * How what a shard's peers have become goes to another shard of the same number, with the same
 * peers in the same order: as a rule one of the process that takes this one's place.
 *
 * <p>First, while all goes on, {@link #saveAhead} and the other's {@link #restoreAhead}: what does
 * not change any more, so that it takes less time afterwards. Nobody can send by that alone.
 *
 * <p>The order is what keeps counters from being used twice: {@link #suspend}, and nothing is sent
 * any more; then {@link #save}, which tells how far each session was; the other's {@link #restore},
 * which sends nothing; and then either the other's {@link #begin}, or {@link #resume}, never both.
 * On the shard's thread.
 */
public final class ShardTransfer {
  private static final int END = -1;

  private final PeerShard shard;
  private final ShardState state;
  private final Handshakes handshakes;
  private final PeerRoster peers;

  /** Whether it was up when it was suspended. */
  private boolean wasUp;

  private int next;
  private int nextAhead;

  /** Sessions that were told ahead, and of which nothing has been heard since. */
  private int unsettled;

  public ShardTransfer(PeerShard shard) {
    this.shard = shard;
    this.state = shard.state();
    this.handshakes = shard.handshakes();
    this.peers = shard.peers();
  }

  /**
   * From now on the shard sends nothing: no session gives out a counter, and no timer runs. What
   * workers bring afterwards comes too late.
   */
  public void suspend() {
    wasUp = state.isUp();
    state.setUp(false);
    for (Peer peer : peers) {
      PeerState.suspend(peer);
      if (peer.hasHandshake()) {
        handshakes.abandon(peer);
      }
    }
    handshakes.attempts().forgetWaiting();
    next = 0;
  }

  /**
   * Writes down what does not change any more of peers that have sessions, until there are so many
   * bytes; returns whether there are more. While all goes on.
   */
  public boolean saveAhead(StateWriter out, int enoughBytes) {
    while (nextAhead < peers.size() && out.size() < enoughBytes) {
      Peer peer = peers.get(nextAhead);
      if (PeerState.hasSessions(peer)) {
        out.int32(nextAhead);
        PeerState.saveAhead(peer, out);
      }
      nextAhead++;
    }
    out.int32(END);
    return nextAhead < peers.size();
  }

  /**
   * Takes in a part of what the other's {@link #saveAhead} wrote down.
   *
   * @throws MalformedStateException if it is anything else; then this shard is of no use any more
   */
  public void restoreAhead(StateReader in, long nowNs) {
    requireDown();
    for (int place = in.int32(); place != END; place = in.int32()) {
      nextAhead = requireInTurn(place, nextAhead) + 1;
      unsettled += PeerState.restoreAhead(peers.get(place), in, nowNs);
    }
    in.end();
  }

  /**
   * Writes peers down, one after the other, until there are so many bytes; returns whether there
   * are more.
   */
  public boolean save(StateWriter out, int enoughBytes) {
    while (next < peers.size() && out.size() < enoughBytes) {
      Peer peer = peers.get(next);
      if (PeerState.isThere(peer)) {
        out.int32(next);
        PeerState.save(peer, out);
      }
      next++;
    }
    out.int32(END);
    return next < peers.size();
  }

  /** Nobody else has begun: goes on as if nothing had been. */
  public void resume(long nowNs) {
    for (Peer peer : peers) {
      PeerState.resume(peer);
    }
    if (wasUp) {
      begin(nowNs);
    }
  }

  /**
   * Nobody else goes on, but somebody may have begun: the peers stay, and their sessions are
   * forgotten and begin afresh.
   */
  public void beginAfresh(long nowNs) {
    shard.down();
    if (wasUp) {
      shard.up(nowNs);
    }
  }

  /**
   * Takes in a part of what the other's {@link #save} wrote down.
   *
   * @throws MalformedStateException if it is anything else; then this shard is of no use any more
   */
  public void restore(StateReader in, long nowNs) {
    requireDown();
    for (int place = in.int32(); place != END; place = in.int32()) {
      next = requireInTurn(place, next) + 1;
      unsettled -= PeerState.restore(peers.get(place), in, nowNs);
    }
    in.end();
  }

  /**
   * All parts were taken in.
   *
   * @throws MalformedStateException if some are missing: there are sessions that were told ahead,
   *     and nobody has said how far they came
   */
  public void requireAll() {
    if (unsettled != 0) {
      throw new MalformedStateException(
          "nobody has said what became of " + unsettled + " sessions that were told ahead");
    }
  }

  private void requireDown() {
    if (state.isUp()) {
      throw new IllegalStateException("a shard that is up takes nothing in");
    }
  }

  /** Each comes once, in the order of their places. */
  private int requireInTurn(int place, int least) {
    if (place < least || place >= peers.size()) {
      throw new MalformedStateException("there is no peer with the number " + place);
    }
    return place;
  }

  /** All was taken in, and nobody else goes on with it: sends from now on. */
  public void begin(long nowNs) {
    requireAll();
    state.setUp(true);
    for (Peer peer : peers) {
      PeerState.beginInterruptedAgain(peer, nowNs);
      state.reschedule(peer);
    }
    shard.flushAll(nowNs);
  }
}
