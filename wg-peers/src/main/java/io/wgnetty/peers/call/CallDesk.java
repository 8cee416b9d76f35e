package io.wgnetty.peers.call;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.StagedQueue;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Who waits to be looked up, because a peer calls or is sent something: one lookup a key, so many
 * at once and a second, and who is known to be nobody is not looked up for a while. Bounded in
 * every direction. Any thread.
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

  /**
   * What waited for a lookup.
   *
   * @param call the one that is to be answered; {@code null} if none is any more
   * @param packets those that are to be sent to the peer
   */
  public record Waited(@Nullable Call call, List<byte[]> packets) {}

  private static final class Waiting {
    @Nullable Call call;
    List<byte[]> packets = List.of();
  }

  /** As many as wait for a peer's session. */
  private static final int MAX_PACKETS = StagedQueue.LIMIT;

  /** Of all keys together. */
  static final int MAX_PACKET_BYTES = 4 << 20;

  /** The caller has begun anew by then, and takes no answer. */
  private static final long OF_USE_NS = TimeUnit.MILLISECONDS.toNanos(4500);

  private static final long UNKNOWN_NS = TimeUnit.SECONDS.toNanos(60);

  private final int maxWaiting;
  private final TokenBucket lookups;
  private final TokenBucket wakings;
  private final Map<PublicKey, Waiting> waiting = new HashMap<>();
  private final Map<PublicKey, Long> unknown;
  private final Map<Outcome, Long> outcomes = new EnumMap<>(Outcome.class);
  private int packetBytes;

  /**
   * Nobody waits.
   *
   * @param maxWaiting keys that wait or are being looked up
   * @param perSecond lookups begun in a second for those who call
   * @param wakingsPerSecond for those who are sent something
   * @param maxUnknown keys that are remembered as nobody's
   */
  public CallDesk(int maxWaiting, int perSecond, int wakingsPerSecond, int maxUnknown, long nowNs) {
    this.maxWaiting = maxWaiting;
    this.lookups = new TokenBucket(perSecond, nowNs);
    this.wakings = new TokenBucket(wakingsPerSecond, nowNs);
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
    Verdict verdict = enter(key, lookups, nowNs);
    Waiting entry = waiting.get(key);
    if (entry != null) {
      entry.call = new Call(message, source, nowNs);
    }
    return verdict;
  }

  /** Somebody is to be here for whom nobody waits, as {@link #called}. */
  public synchronized Verdict expected(PublicKey key, long nowNs) {
    return enter(key, lookups, nowNs);
  }

  /**
   * Somebody is sent packets, which are kept if the verdict is {@link Verdict#LOOK_UP}, as above,
   * or {@link Verdict#JOINED}.
   */
  public synchronized Verdict sentTo(PublicKey key, List<byte[]> packets, long nowNs) {
    Waiting before = waiting.get(key);
    if (packetBytes >= MAX_PACKET_BYTES
        || (before != null && before.packets.size() >= MAX_PACKETS)) {
      return Verdict.TURNED_AWAY;
    }
    Verdict verdict = enter(key, wakings, nowNs);
    Waiting entry = waiting.get(key);
    if (entry != null) {
      entry.packets = entry.packets.isEmpty() ? new ArrayList<>() : entry.packets;
      entry.packets.addAll(packets);
      packetBytes += bytes(packets);
    }
    return verdict;
  }

  private static int bytes(List<byte[]> packets) {
    return packets.stream().mapToInt(packet -> packet.length).sum();
  }

  /** Has a key wait, unless there is a reason not to. */
  private Verdict enter(PublicKey key, TokenBucket bucket, long nowNs) {
    Long until = unknown.get(key);
    if (until != null && nowNs - until < 0) {
      return Verdict.KNOWN_UNKNOWN;
    }
    if (waiting.containsKey(key)) {
      return Verdict.JOINED;
    }
    if (waiting.size() >= maxWaiting || !bucket.take(nowNs)) {
      count(Outcome.TURNED_AWAY);
      return Verdict.TURNED_AWAY;
    }
    waiting.put(key, new Waiting());
    return Verdict.LOOK_UP;
  }

  /** Whether a lookup that nobody waits for may be made now. */
  public synchronized boolean takeToken(long nowNs) {
    return lookups.take(nowNs);
  }

  /** A lookup has ended; returns what waited for it. */
  public synchronized Waited done(PublicKey key, Outcome outcome, long nowNs) {
    Waiting entry = waiting.remove(key);
    count(outcome);
    if (outcome == Outcome.UNKNOWN || outcome == Outcome.REFUSED) {
      unknown.remove(key);
      unknown.put(key, nowNs + UNKNOWN_NS);
    }
    if (entry == null) {
      return new Waited(null, List.of());
    }
    packetBytes -= bytes(entry.packets);
    Call call = entry.call;
    boolean answered =
        outcome == Outcome.FOUND && call != null && nowNs - call.sinceNs() < OF_USE_NS;
    return new Waited(answered ? call : null, entry.packets);
  }

  /** There is something new about a key; returns whether it is being looked up. */
  public synchronized boolean forget(PublicKey key) {
    unknown.remove(key);
    return waiting.containsKey(key);
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
