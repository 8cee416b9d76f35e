package io.wgnetty.radius;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerDetails;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.observe.NodeEvent;
import io.wgnetty.observe.Presence;
import io.wgnetty.peer.Peer;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Who is connected, and what is to be told of it. Peers are looked at from outside of the loops; as
 * what they have carried since is in their counters, no look that comes late misses anything.
 */
final class SessionTable {
  /** What an interface says of its peers. */
  interface Peers {
    /** What all have sent and received. */
    List<PeerTraffic> traffic();

    /** All that is known of these. */
    List<PeerDetails> details(Collection<PublicKey> keys);
  }

  /** Loops are asked for so many peers at a time. */
  private static final int PEERS_AT_ONCE = 256;

  private final Peers peers;
  private final Presence presence;
  private final long interimNs;
  private final InstantSource clock;
  private final RandomGenerator random;
  private final Consumer<AccountingRecord> records;
  private final String run;
  private final Map<PublicKey, AccountingSession> sessions = new ConcurrentHashMap<>();

  /** Up to where counters of peers are told already. */
  private final Map<PublicKey, Traffic> told = new ConcurrentHashMap<>();

  private record Departure(PublicKey key, Traffic traffic) {}

  private final Queue<Departure> departures = new ConcurrentLinkedQueue<>();
  private int number;

  /**
   * Nobody is connected yet.
   *
   * @param records takes what is to be told
   */
  SessionTable(
      Peers peers,
      Presence presence,
      int interimSeconds,
      InstantSource clock,
      RandomGenerator random,
      Consumer<AccountingRecord> records) {
    this.peers = peers;
    this.presence = presence;
    this.interimNs = TimeUnit.SECONDS.toNanos(interimSeconds);
    this.clock = clock;
    this.random = random;
    this.records = records;
    this.run = "%08x".formatted(clock.instant().getEpochSecond());
  }

  int size() {
    return sessions.size();
  }

  /** What peers have carried so far was told by another process. */
  synchronized void goOnFromHere() {
    List<PublicKey> heard = new ArrayList<>();
    for (PeerTraffic peer : peers.traffic()) {
      if (peer.heardAgoNs() >= 0) {
        heard.add(peer.publicKey());
      }
    }
    details(heard)
        .values()
        .forEach(peer -> told.put(peer.publicKey(), AccountingSession.traffic(peer)));
  }

  /** A peer is removed: on its loop's thread, where its counters are. */
  void removed(Peer peer) {
    PublicKey key = peer.publicKey();
    told.remove(key);
    if (sessions.containsKey(key)) {
      departures.add(
          new Departure(
              key,
              new Traffic(
                  peer.receivedBytes(),
                  peer.sentBytes(),
                  peer.receivedPackets(),
                  peer.sentPackets())));
    }
  }

  /** Looks at all peers, and tells what is new. */
  synchronized void look(long nowNs) {
    takeDepartures(nowNs);
    List<PublicKey> came = new ArrayList<>();
    Map<PublicKey, Long> went = new LinkedHashMap<>();
    for (Presence.Change change : presence.look(peers.traffic(), nowNs)) {
      if (change.kind().equals(NodeEvent.GONE)) {
        went.put(change.key(), change.silentNs());
      } else {
        came.add(change.key());
      }
    }
    details(went.keySet()).forEach(this::see);
    went.forEach((key, silentNs) -> goes(key, nowNs - silentNs));
    details(came).forEach((key, details) -> comes(key, details, nowNs));
    tellInterims(nowNs);
  }

  private void takeDepartures(long nowNs) {
    Departure departure = departures.poll();
    while (departure != null) {
      AccountingSession session = sessions.remove(departure.key());
      presence.forget(departure.key());
      if (session != null) {
        session.seen = departure.traffic();
        tellEnd(session, nowNs, AccountingRecord.Cause.ADMIN_RESET);
      }
      departure = departures.poll();
    }
  }

  private void see(PublicKey key, PeerDetails details) {
    AccountingSession session = sessions.get(key);
    if (session != null) {
      session.see(details);
    }
  }

  private void comes(PublicKey key, PeerDetails details, long nowNs) {
    Traffic before = told.getOrDefault(key, Traffic.NONE);
    String id = run + "%08x".formatted(number++);
    var session = new AccountingSession(key, id, nowNs, before);
    session.see(details);
    session.nextInterimNs = nowNs + interval();
    sessions.put(key, session);
    tell(AccountingRecord.Status.START, session, nowNs, null);
  }

  private void goes(PublicKey key, long heardNs) {
    AccountingSession session = sessions.remove(key);
    if (session != null) {
      told.put(key, session.seen);
      tellEnd(session, heardNs, AccountingRecord.Cause.IDLE_TIMEOUT);
    }
  }

  private void tellInterims(long nowNs) {
    List<PublicKey> due = new ArrayList<>();
    for (AccountingSession session : sessions.values()) {
      if (nowNs - session.nextInterimNs >= 0) {
        session.nextInterimNs = nowNs + interval();
        due.add(session.key);
      }
    }
    Map<PublicKey, PeerDetails> present = details(due);
    present.forEach(this::see);
    for (PublicKey key : due) {
      AccountingSession session = sessions.get(key);
      if (session == null) {
        continue;
      }
      if (present.containsKey(key)) {
        tell(AccountingRecord.Status.INTERIM, session, nowNs, null);
      } else { // removed in the moment in which its session was made, so that nobody said so
        sessions.remove(key);
        presence.forget(key);
        tellEnd(session, nowNs, AccountingRecord.Cause.ADMIN_RESET);
      }
    }
  }

  /** Not the same for all, or all would be told of at once for ever (RFC 2869 2.1). */
  private long interval() {
    return interimNs - interimNs / 20 + random.nextLong(interimNs / 10);
  }

  /** Remembers what has been carried, while loops can still be asked. */
  synchronized void note() {
    details(List.copyOf(sessions.keySet())).forEach(this::see);
  }

  /**
   * Ends all sessions.
   *
   * @param asking whether loops can still be asked
   */
  synchronized void end(long nowNs, AccountingRecord.Cause cause, boolean asking) {
    takeDepartures(nowNs);
    if (asking) {
      note();
    } else {
      for (PeerTraffic peer : peers.traffic()) {
        AccountingSession session = sessions.get(peer.publicKey());
        if (session != null) {
          Traffic seen = session.seen;
          session.seen =
              new Traffic(
                  Math.max(peer.receivedBytes(), seen.receivedBytes()),
                  Math.max(peer.sentBytes(), seen.sentBytes()),
                  seen.receivedPackets(),
                  seen.sentPackets());
        }
      }
    }
    sessions.values().forEach(session -> tellEnd(session, nowNs, cause));
    sessions.clear();
  }

  private void tellEnd(AccountingSession session, long endNs, AccountingRecord.Cause cause) {
    tell(AccountingRecord.Status.STOP, session, endNs, cause);
  }

  private void tell(
      AccountingRecord.Status status,
      AccountingSession session,
      long atNs,
      AccountingRecord.@Nullable Cause cause) {
    records.accept(
        new AccountingRecord(
            status,
            session,
            clock.instant(),
            session.seen.since(session.before),
            Math.max(0, TimeUnit.NANOSECONDS.toSeconds(atNs - session.begunNs)),
            cause));
  }

  private Map<PublicKey, PeerDetails> details(Collection<PublicKey> keys) {
    Map<PublicKey, PeerDetails> all = new LinkedHashMap<>();
    List<PublicKey> list = List.copyOf(keys);
    for (int from = 0; from < list.size(); from += PEERS_AT_ONCE) {
      int to = Math.min(list.size(), from + PEERS_AT_ONCE);
      for (PeerDetails peer : peers.details(list.subList(from, to))) {
        all.put(peer.publicKey(), peer);
      }
    }
    return all;
  }
}
