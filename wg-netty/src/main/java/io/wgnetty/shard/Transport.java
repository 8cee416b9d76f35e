package io.wgnetty.shard;

import io.wgnetty.counters.DropReason;
import io.wgnetty.handshake.Handshakes;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardState;
import io.wgnetty.peer.StagedMemory;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * What data packets cause: which session carries them, what they confirm, which timers they move
 * (protocol 3.3 to 3.6).
 */
public final class Transport {
  private final ShardState shard;
  private final Handshakes handshakes;
  private final ShardOutput output;

  Transport(ShardState shard, Handshakes handshakes, ShardOutput output) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.output = output;
  }

  /**
   * The session that a packet to this peer goes out with now; {@code null} if it has to wait for
   * one.
   */
  public @Nullable Session sendingSession(Peer peer, long nowNs) {
    Session session = peer.currentSession();
    // When the interface is down its sessions are over, also those that are still to be forgotten.
    boolean maySend = session != null && session.maySend(nowNs) && shard.isUp();
    return maySend ? session : null;
  }

  /**
   * Keeps a packet until there is a session, and sees to it that there will be one (protocol
   * 3.3(a)).
   */
  public void stage(Peer peer, byte[] packet, long nowNs) {
    if (!peer.isAdopted()) {
      shard.drops().count(DropReason.STAGED_DROPPED);
      return;
    }
    // Also while the link is down for all we know: the first packets may be faster than the news
    // that it is up.
    if (peer.staged().add(packet)) {
      shard.countDrop(DropReason.STAGED_DROPPED, peer);
    }
    keepWithinMemory();
    handshakes.attempts().initiate(peer, nowNs);
  }

  /** Drops the oldest packets of all peers, as many as are beyond what all may take. */
  private void keepWithinMemory() {
    StagedMemory memory = shard.stagedMemory();
    for (Peer loser = memory.overdrawnBy(); loser != null; loser = memory.overdrawnBy()) {
      loser.staged().poll();
      shard.countDrop(DropReason.STAGED_MEMORY_FULL, loser);
    }
  }

  /** Sends an empty packet, or what waits, which serves as well. */
  void sendKeepalive(Peer peer, long nowNs) {
    if (peer.isAdopted()) {
      // Without endpoint or private key it waits here, and goes out when configuration brings them.
      peer.staged().addKeepaliveIfEmpty();
      keepWithinMemory();
      flush(peer, nowNs);
    }
  }

  /** Sends what waits if there is a session for it, else asks for one. */
  void flush(Peer peer, long nowNs) {
    if (peer.stagedPackets() == 0 || !shard.isUp()) {
      return;
    }
    if (sendingSession(peer, nowNs) == null) {
      handshakes.attempts().initiate(peer, nowNs);
    } else {
      output.sendStaged(peer);
    }
  }

  /**
   * Packets of one session went out to its peer; {@link #attempted} is told of them as well.
   *
   * @param data whether at least one of them was not a keepalive
   * @param bytes the UDP payload of them all
   */
  public void sent(Session session, boolean data, long bytes, long nowNs) {
    Peer peer = session.peer();
    peer.countSent(bytes);
    if (data && !peer.timers().isNewHandshakeArmed()) {
      peer.timers().armNewHandshake(nowNs, shard.jitterNs());
    }
  }

  /**
   * Packets of one session were given to the socket, whether or not it took them (protocol 3.5). A
   * timer that only a successful sending moved would never run again after a refused one.
   */
  public void attempted(Session session, long nowNs) {
    Peer peer = session.peer();
    peer.timers().traversed(nowNs);
    peer.timers().authenticatedSent();
    // Rule (b) asks the session that sends now, which is not always the one that these packets
    // used.
    Session current = peer.currentSession();
    if (current != null && current.isDueForRekey(nowNs)) {
      handshakes.attempts().initiate(peer, nowNs);
    }
    shard.reschedule(peer);
  }

  /**
   * Authentic packets of one session that are no replays came in: protocol 4.1 steps 7 to 11.
   *
   * @param source where the last of them came from
   * @param plaintextLength of the longest; 0 if there were only keepalives
   */
  public void received(Session session, Endpoint source, int plaintextLength, long nowNs) {
    Peer peer = session.peer();
    if (!peer.isAdopted()) {
      return;
    }
    shard.found(peer, source);
    peer.heardAt(nowNs);
    Session old = peer.slots().current();
    if (peer.slots().confirm(session)) {
      handshakes.confirmed(peer, old, nowNs);
      flush(peer, nowNs);
    }
    Session current = peer.slots().current();
    if (current != null
        && current.isInLastMinute(nowNs)
        && !peer.handshake().askLastMinuteRekey()) {
      handshakes.attempts().initiate(peer, nowNs);
    }
    peer.timers().authenticatedReceived();
    peer.timers().traversed(nowNs);
    if (plaintextLength > 0) {
      peer.timers().dataReceived(nowNs);
    }
    shard.reschedule(peer);
  }
}
