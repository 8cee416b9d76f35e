package io.wgnetty.peer;

import io.wgnetty.counters.DropCounters;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * What a peer has become beside its configuration, on its way to another object in its place: of
 * another process, as a rule. What never changes of its sessions may be told ahead, while all goes
 * on; then the rest, when they are suspended. Attempts and answers under way, packets that wait and
 * cookies are not part of it. On the owner's thread.
 */
public final class PeerState {
  private static final int NO_SESSION = 0;

  // 1 was a session of format 2.

  /** All of it. */
  private static final int WHOLE = 2;

  /** Its index and how far it came: the rest was told ahead. */
  private static final int KNOWN = 3;

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

  /** Whether there is something to be told ahead. */
  public static boolean hasSessions(Peer peer) {
    SessionSlots slots = peer.slots;
    return slots != null && (slots.current != null || slots.previous != null || slots.next != null);
  }

  /** Writes down what does not change any more of the sessions that there are by now. */
  public static void saveAhead(Peer peer, StateWriter out) {
    SessionSlots slots = peer.slots();
    saveAhead(slots.current, out);
    saveAhead(slots.previous, out);
    saveAhead(slots.next, out);
  }

  private static void saveAhead(@Nullable Session session, StateWriter out) {
    out.byte8(session == null ? NO_SESSION : WHOLE);
    if (session != null) {
      session.saveIdentity(out, session.peer().shard().keySlab());
      session.toldAhead = true;
    }
  }

  /**
   * Takes in what {@link #saveAhead} wrote down, for a peer of which there is nothing yet.
   *
   * @return how many sessions that are, each of which {@link #restore} has to settle
   * @throws MalformedStateException if that was something else; the peer is to be removed then
   */
  public static int restoreAhead(Peer peer, StateReader in, long nowNs) {
    if (hasSessions(peer)) {
      throw new MalformedStateException("the sessions of a peer are told ahead twice");
    }
    SessionSlots slots = peer.slots();
    slots.current = aheadOf(peer, in, nowNs);
    slots.previous = aheadOf(peer, in, nowNs);
    slots.next = aheadOf(peer, in, nowNs);
    // Whoever has sessions has these; made now, while nobody waits for it.
    var unusedHandshake = peer.handshake();
    var unusedTimers = peer.timers();
    return count(slots.current) + count(slots.previous) + count(slots.next);
  }

  private static int count(@Nullable Session session) {
    return session == null ? 0 : 1;
  }

  private static @Nullable Session aheadOf(Peer peer, StateReader in, long nowNs) {
    return switch (in.byte8()) {
      case NO_SESSION -> null;
      case WHOLE -> whole(peer, in, nowNs);
      default -> throw noSession();
    };
  }

  private static MalformedStateException noSession() {
    return new MalformedStateException("what should be a session is none");
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
    save(slots.current, out);
    save(slots.previous, out);
    save(slots.next, out);
    out.bool(slots.nextYields);
  }

  private static void save(@Nullable Session session, StateWriter out) {
    if (session == null) {
      out.byte8(NO_SESSION);
      return;
    }
    if (session.toldAhead) {
      out.byte8(KNOWN);
      out.int32(session.localIndex());
    } else {
      out.byte8(WHOLE);
      session.saveIdentity(out, session.peer().shard().keySlab());
    }
    session.saveProgress(out);
  }

  private static <T> void save(@Nullable T part, BiConsumer<T, StateWriter> save, StateWriter out) {
    out.bool(part != null);
    if (part != null) {
      save.accept(part, out);
    }
  }

  /**
   * Takes in what {@link #save} wrote down, for a peer of which there is nothing yet but what
   * {@link #restoreAhead} has taken in. Sessions of that which have ended meanwhile end here, too.
   *
   * @return how many sessions that were told ahead are settled by that
   * @throws MalformedStateException if that was something else; the peer is to be removed then
   */
  public static int restore(Peer peer, StateReader in, long nowNs) {
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
    return in.bool() ? restoreSessions(peer, peer.slots(), in, nowNs) : 0;
  }

  private static int restoreSessions(Peer peer, SessionSlots slots, StateReader in, long nowNs) {
    Session current = slots.current;
    Session previous = slots.previous;
    Session next = slots.next;
    slots.current = session(peer, in, nowNs);
    slots.previous = session(peer, in, nowNs);
    slots.next = session(peer, in, nowNs);
    slots.nextYields = in.bool();
    return settle(peer, current) + settle(peer, previous) + settle(peer, next);
  }

  /** A session that was told ahead lives on, or has ended meanwhile. */
  private static int settle(Peer peer, @Nullable Session ahead) {
    if (ahead != null && ahead.awaitsProgress) {
      peer.shard().close(ahead);
    }
    return count(ahead);
  }

  private static @Nullable Session session(Peer peer, StateReader in, long nowNs) {
    Session session =
        switch (in.byte8()) {
          case NO_SESSION -> null;
          case WHOLE -> whole(peer, in, nowNs);
          case KNOWN -> known(peer, in.int32());
          default -> throw noSession();
        };
    if (session != null) {
      session.restoreProgress(in);
    }
    return session;
  }

  private static Session known(Peer peer, int index) {
    Session session = peer.shard().indices().session(index);
    if (session == null || session.peer() != peer) {
      throw new MalformedStateException("a session of a peer was not told ahead");
    }
    return session;
  }

  private static Session whole(Peer peer, StateReader in, long nowNs) {
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
