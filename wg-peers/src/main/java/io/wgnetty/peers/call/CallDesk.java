package io.wgnetty.peers.call;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who has called and waits to be looked up: one lookup a key, so many at once and a second, and who
 * is known to be nobody is not looked up for a while. Bounded in every direction. Any thread.
 */
public final class CallDesk {
  /** What is done about a call. */
  public enum Verdict {
    LOOK_UP,
    JOINED,
    KNOWN_UNKNOWN,
    TURNED_AWAY
  }

  /** What came of calls. */
  public enum Outcome {
    FOUND("found"),
    UNKNOWN("unknown"),
    /** There is a record, and it is not in force. */
    REFUSED("refused"),
    /** The source did not answer. */
    FAILED("failed"),
    /** Too many were being looked up. */
    TURNED_AWAY("turned_away");

    private final String word;

    Outcome(String word) {
      this.word = word;
    }

    public String word() {
      return word;
    }
  }

  /** The latest initiation of a caller. */
  public record Call(InitiationMessage message, Endpoint source, long sinceNs) {}

  /** The caller has begun anew by then, and takes no answer. */
  private static final long OF_USE_NS = TimeUnit.MILLISECONDS.toNanos(4500);

  private static final long UNKNOWN_NS = TimeUnit.SECONDS.toNanos(60);
  private static final long SECOND_NS = TimeUnit.SECONDS.toNanos(1);

  private final int maxWaiting;
  private final int perSecond;
  private final Map<PublicKey, Call> waiting = new HashMap<>();
  private final Map<PublicKey, Long> unknown;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private double tokens;
  private long refilledNs;

  /**
   * Nobody waits.
   *
   * @param maxWaiting keys that wait or are being looked up
   * @param perSecond lookups begun in a second
   * @param maxUnknown keys that are remembered as nobody's
   */
  public CallDesk(int maxWaiting, int perSecond, int maxUnknown, long nowNs) {
    this.maxWaiting = maxWaiting;
    this.perSecond = perSecond;
    this.tokens = perSecond;
    this.refilledNs = nowNs;
    this.unknown =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<PublicKey, Long> eldest) {
            return size() > maxUnknown;
          }
        };
  }

  /** Somebody calls. After {@link Verdict#LOOK_UP} the caller looks up, and {@link #done}. */
  public synchronized Verdict called(
      PublicKey key, InitiationMessage message, Endpoint source, long nowNs) {
    Long until = unknown.get(key);
    if (until != null && nowNs - until < 0) {
      return Verdict.KNOWN_UNKNOWN;
    }
    var call = new Call(message, source, nowNs);
    if (waiting.replace(key, call) != null) {
      return Verdict.JOINED;
    }
    if (waiting.size() >= maxWaiting || !takeToken(nowNs)) {
      count(Outcome.TURNED_AWAY);
      return Verdict.TURNED_AWAY;
    }
    waiting.put(key, call);
    return Verdict.LOOK_UP;
  }

  /** Whether a lookup that nobody waits for may be made now. */
  public synchronized boolean takeToken(long nowNs) {
    tokens = Math.min(perSecond, tokens + (double) (nowNs - refilledNs) / SECOND_NS * perSecond);
    refilledNs = nowNs;
    if (tokens < 1) {
      return false;
    }
    tokens--;
    return true;
  }

  /**
   * A lookup has ended.
   *
   * @return the call that is to be answered; {@code null} if there is no peer, or nobody waits any
   *     more
   */
  public synchronized @Nullable Call done(PublicKey key, Outcome outcome, long nowNs) {
    Call call = waiting.remove(key);
    count(outcome);
    if (outcome == Outcome.UNKNOWN || outcome == Outcome.REFUSED) {
      unknown.remove(key);
      unknown.put(key, nowNs + UNKNOWN_NS);
    }
    boolean answered =
        outcome == Outcome.FOUND && call != null && nowNs - call.sinceNs() < OF_USE_NS;
    return answered ? call : null;
  }

  /** There is something new about a key. */
  public synchronized void forget(PublicKey key) {
    unknown.remove(key);
  }

  /** Keys that wait. */
  public synchronized int waiting() {
    return waiting.size();
  }

  /** How often what came of a call. */
  public synchronized long outcomes(Outcome outcome) {
    return outcomes.getOrDefault(outcome, 0L);
  }

  private void count(Outcome outcome) {
    outcomes.merge(outcome, 1L, Long::sum);
  }
}
