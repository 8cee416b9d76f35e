package io.wgnetty.peer;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.Arrays;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has become beside its configuration, on its way to another object in its place: of
 * another process, as a rule. Attempts and answers under way, packets that wait and cookies are not
 * part of it. On the owner's thread.
 */
public final class PeerState {
  private PeerState() {}

  /** No session of it gives out a counter from now on; attempts of ours are to begin again. */
  public static void suspend(Peer peer) {
    if (peer.handshake != null) {
      peer.handshake.interrupt();
    }
    if (peer.slots != null) {
      peer.slots.suspend();
    }
  }

  /** Nobody else has gone on with its sessions. */
  public static void resume(Peer peer) {
    if (peer.slots != null) {
      peer.slots.resume();
    }
  }

  /** An attempt of ours that was given up for a hand-over is due again now. */
  public static void beginInterruptedAgain(Peer peer, long nowNs) {
    if (peer.handshake != null && peer.handshake.takeInterrupted()) {
      peer.handshake.openGate();
      peer.timers().armRetransmit(nowNs, 0);
    }
  }

  /** Whether there is more of it than configuration says. */
  public static boolean isThere(Peer peer) {
    return peer.handshake != null
        || peer.slots != null
        || peer.timers != null
        || peer.endpoint != null
        || peer.drops != null
        || peer.receivedBytes() != 0
        || peer.sentBytes() != 0;
  }

  /**
   * Writes it down.
   *
   * @throws IllegalStateException if the peer was not suspended
   */
  public static void save(Peer peer, StateWriter out) {
    peer.saveCounters(out);
    save(peer.endpoint, Endpoint::save, out);
    out.int64(peer.endpointSinceEpochNs);
    save(peer.endpointHistory, EndpointHistory::save, out);
    save(peer.drops, DropCounters::save, out);
    save(peer.handshake, HandshakeProgress::save, out);
    save(peer.timers, PeerTimers::save, out);
    save(peer.slots, PeerState::saveSessions, out);
  }

  private static void saveSessions(SessionSlots slots, StateWriter out) {
    for (Session session : Arrays.asList(slots.current, slots.previous, slots.next)) {
      save(session, (one, to) -> one.save(to, one.peer().shard().keySlab()), out);
    }
    out.bool(slots.nextYields);
  }

  private static <T> void save(@Nullable T part, BiConsumer<T, StateWriter> save, StateWriter out) {
    out.bool(part != null);
    if (part != null) {
      save.accept(part, out);
    }
  }

  /**
   * Takes in what {@link #save} wrote down, for a peer of which there is nothing yet.
   *
   * @throws MalformedStateException if that was something else; the peer is to be removed then
   */
  public static void restore(Peer peer, StateReader in, long nowNs) {
    peer.restoreCounters(in);
    peer.endpoint = in.bool() ? Endpoint.restored(in) : null;
    peer.endpointSinceEpochNs = in.int64();
    peer.endpointHistory = in.bool() ? EndpointHistory.restored(in) : null;
    if (in.bool()) {
      peer.drops = new DropCounters();
      peer.drops.restore(in);
    }
    if (in.bool()) {
      peer.handshake().restore(in);
    }
    if (in.bool()) {
      peer.timers().restore(in);
    }
    if (in.bool()) {
      SessionSlots slots = peer.slots();
      slots.current = session(peer, in, nowNs);
      slots.previous = session(peer, in, nowNs);
      slots.next = session(peer, in, nowNs);
      slots.nextYields = in.bool();
    }
  }

  private static @Nullable Session session(Peer peer, StateReader in, long nowNs) {
    if (!in.bool()) {
      return null;
    }
    ShardTables tables = peer.shard();
    Session session = new Session(peer, in, tables.keySlab(), tables.timings(), nowNs);
    try {
      tables.indices().adopt(session);
      return session;
    } catch (MalformedStateException e) {
      session.close(tables.keySlab());
      throw e;
    }
  }
}
