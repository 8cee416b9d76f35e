package io.wgnetty.peer;

import java.util.Arrays;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The three places that a peer has for sessions (protocol 3.2): {@code current} sends and receives,
 * {@code previous} still receives, {@code next} is a responder's session that the initiator has not
 * confirmed yet.
 */
public final class SessionSlots {
  private final ShardTables tables;

  /** Those that there are. See also {@link PeerState}. */
  @Nullable Session current;

  @Nullable Session previous;
  @Nullable Session next;

  /** {@code next} is received with, but never becomes {@code current}. */
  boolean nextYields;

  /** No sessions; one that has left all places leaves these tables, too. */
  SessionSlots(ShardTables tables) {
    this.tables = tables;
  }

  public @Nullable Session current() {
    return current;
  }

  public @Nullable Session previous() {
    return previous;
  }

  public @Nullable Session next() {
    return next;
  }

  /**
   * Our initiation was answered: the session is confirmed by that. A {@code next} that there is
   * stays, since the other side may send with it before it hears of ours.
   *
   * @param nextYields whether {@code next}, if there is one, must not take this one's place
   */
  public void derivedAsInitiator(Session session, boolean nextYields) {
    drop(previous);
    previous = current;
    current = session;
    this.nextYields = nextYields;
  }

  /**
   * Gives up a {@code next} that is too old to be received with. While we are the one who renews,
   * nothing else would: no answer of ours takes its place, and each renewal puts off the moment
   * when all keys are wiped.
   */
  public void dropExpiredNext(long nowNs) {
    if (next != null && !next.mayReceive(nowNs)) {
      drop(next);
      next = null;
    }
  }

  /** Whether the session of our last answer still waits for the other side to take it up. */
  public boolean awaitsConfirmation() {
    return next != null && !nextYields && (current == null || !current.isNewerThan(next));
  }

  /**
   * We answered an initiation: the session waits until the other side proves to have it.
   *
   * @param yields whether it must not take the place of {@code current} even then
   */
  public void derivedAsResponder(Session session, boolean yields) {
    drop(next);
    next = session;
    nextYields = yields;
    if (!yields) {
      drop(previous);
      previous = null;
    }
  }

  /** An authenticated packet came by this session; returns whether that confirmed it. */
  public boolean confirm(Session session) {
    if (session != next || nextYields) {
      return false;
    }
    drop(previous);
    previous = current;
    current = next;
    next = null;
    return true;
  }

  /** The private key changed: nothing more is sent with the sessions that there are. */
  public void forbidSending() {
    if (current != null) {
      current.forbidSending();
    }
    if (next != null) {
      next.forbidSending();
    }
  }

  /** No session gives out a counter any more, unless they are resumed. */
  void suspend() {
    each(Session::suspend);
  }

  /** Nobody else has gone on with them. */
  void resume() {
    each(Session::resume);
  }

  private void each(Consumer<Session> action) {
    for (Session session : Arrays.asList(current, previous, next)) {
      if (session != null) {
        action.accept(session);
      }
    }
  }

  public void dropAll() {
    drop(next);
    drop(previous);
    drop(current);
    next = null;
    previous = null;
    current = null;
  }

  private void drop(@Nullable Session session) {
    if (session != null) {
      tables.close(session);
    }
  }
}
