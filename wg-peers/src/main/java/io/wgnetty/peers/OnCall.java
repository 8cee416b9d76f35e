package io.wgnetty.peers;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.SleepingPeers;
import io.wgnetty.peer.UnknownCallers;
import io.wgnetty.peers.call.CallDesk;
import io.wgnetty.peers.source.LookedUp;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.PeersBeside;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Peers that are installed when they call or are sent something, and go when they have had no
 * session for a while. They are looked up on threads of their own; the initiation is handed in
 * again, and packets are sent, when the record is in force. All but {@link #called}, {@link
 * #sentTo}, the index and what the lookups do is on the keeper's thread.
 */
final class OnCall implements UnknownCallers {
  static final int LOOKUPS_A_SECOND = 1000;
  static final int WAKINGS_A_SECOND = 100;
  static final int MAX_WAITING = 1024;
  static final int MAX_UNKNOWN = 65_536;

  /** As long as a session lives (protocol 1.3), somebody may be there. */
  private static final long SESSION_MS = TimeUnit.SECONDS.toMillis(180);

  private static final long IDLE_LOOK_MS = TimeUnit.SECONDS.toMillis(5);

  /** A peer that has called, or was woken. */
  private static final class Awake {
    final PublicKey key;
    final long sinceMs;
    long checkedMs;
    boolean asked;

    /** In which listing it was seen last. */
    int listing;

    Awake(PublicKey key, long nowMs, int listing) {
      this.key = key;
      this.sinceMs = nowMs;
      this.checkedMs = nowMs;
      this.listing = listing;
    }
  }

  /**
   * Why a key is looked up.
   *
   * @param name of the record of a peer that is awake and asked for again
   * @param peer the same; {@code null} for one who calls or is sent something
   */
  private record Wanted(@Nullable String name, @Nullable Awake peer) {
    /** What is news of the record; {@code null} if nothing is. */
    @Nullable StoredRecord recordOf(LookedUp found) {
      return name == null || found.record() != null || found.failure() != null
          ? found.record()
          : StoredRecord.gone(name);
    }
  }

  private final PeersBeside peers;
  private final PeerSource source;
  private final PeerKeeper keeper;
  private final DirectoryAtWork work;
  private final long idleMs;
  private final long timeToLiveMs;
  private final CallDesk desk =
      new CallDesk(MAX_WAITING, LOOKUPS_A_SECOND, WAKINGS_A_SECOND, MAX_UNKNOWN, System.nanoTime());
  private final Lookups<Wanted> lookups;

  /** By the name of the record. */
  private final Map<String, Awake> awake = new HashMap<>();

  /** Those whose record changed while they were being looked up: what is found may be older. */
  private final Set<PublicKey> changed = new HashSet<>();

  private final Sleepers sleepers;
  private final FormerlyAlive former;
  private volatile int listing;
  private long lookedMs;

  OnCall(
      PeersBeside peers,
      PeerSource source,
      PeerKeeper keeper,
      DirectoryAtWork work,
      DirectoryOptions options) {
    this.peers = peers;
    this.source = source;
    this.keeper = keeper;
    this.work = work;
    this.idleMs = options.idle().toMillis();
    this.timeToLiveMs = source.tells() ? Long.MAX_VALUE : options.timeToLive().toMillis();
    this.sleepers = new Sleepers(source, peers.interfaceName(), this::sentTo);
    this.former = new FormerlyAlive(this::lookUpFormer, System::nanoTime);
    this.lookups = new Lookups<>(source, this::answered, 2 * MAX_WAITING);
  }

  /**
   * Hears of callers from now on.
   *
   * @param callsFormer whether peers that were alive when a run before this one was killed are made
   *     peers by themselves, which has them called
   */
  void listen(boolean callsFormer) {
    sleepers.start();
    peers.device().callers().listen(this, sleepers);
    if (callsFormer) {
      List<PublicKey> alive = peers.device().callers().formerlyAlive();
      work.execute(() -> former.expect(alive));
    }
  }

  CallDesk desk() {
    return desk;
  }

  @Override
  public boolean called(PublicKey key, InitiationMessage message, Endpoint from) {
    return switch (desk.called(key, message, from, System.nanoTime())) {
      case JOINED -> true;
      case KNOWN_UNKNOWN, TURNED_AWAY -> false;
      case LOOK_UP -> begin(key);
    };
  }

  private void sentTo(PublicKey key, List<byte[]> packets) {
    boolean kept =
        switch (desk.sentTo(key, packets, System.nanoTime())) {
          case JOINED -> true;
          case KNOWN_UNKNOWN, TURNED_AWAY -> false;
          case LOOK_UP -> {
            boolean unusedBegun = begin(key);
            yield true;
          }
        };
    if (!kept) {
      peers.device().callers().send(key, packets);
    }
  }

  /** Returns whether there is no need to come back to it. */
  private boolean lookUpFormer(PublicKey key) {
    if (peers.device().hasPeer(key)) {
      return true;
    }
    return switch (desk.expected(key, System.nanoTime())) {
      case JOINED, KNOWN_UNKNOWN -> true;
      case TURNED_AWAY -> false;
      case LOOK_UP -> begin(key);
    };
  }

  private boolean begin(PublicKey key) {
    boolean begun = lookups.begin(key, new Wanted(null, null));
    if (!begun) {
      done(key, CallDesk.Outcome.TURNED_AWAY);
    }
    return begun;
  }

  /** What was asked for together is put into force together. */
  private void answered(List<Lookups.Answer<Wanted>> answers) {
    if (!source.tells()) {
      answers.forEach(answer -> tellWhetherAway(answer.found().failure()));
    }
    work.execute(() -> take(answers));
  }

  private void tellWhetherAway(@Nullable Exception failure) {
    if (failure == null) {
      work.reached();
    } else {
      work.away(String.valueOf(failure.getMessage()));
    }
  }

  private void take(List<Lookups.Answer<Wanted>> all) throws InterruptedException {
    List<Lookups.Answer<Wanted>> answers = new ArrayList<>(all);
    answers.removeIf(
        answer ->
            changed.remove(answer.found().key())
                && lookups.begin(answer.found().key(), answer.wanted()));
    List<StoredRecord> records = new ArrayList<>();
    for (Lookups.Answer<Wanted> answer : answers) {
      StoredRecord record = answer.wanted().recordOf(answer.found());
      if (record != null) {
        records.add(record);
      }
    }
    try {
      keeper.enter(records);
      keeper.settle();
    } finally {
      conclude(answers);
      keeper.settle();
    }
  }

  private void conclude(List<Lookups.Answer<Wanted>> answers) {
    for (Lookups.Answer<Wanted> answer : answers) {
      Awake peer = answer.wanted().peer();
      if (peer == null) {
        concludeCall(answer.found());
      } else {
        peer.asked = false;
        // A source that is away is asked again in a while, and what is known of the peer stays.
        peer.checkedMs = nowMs();
      }
    }
  }

  private void concludeCall(LookedUp found) {
    PublicKey key = found.key();
    StoredRecord record = found.record();
    if (found.failure() != null) {
      done(key, CallDesk.Outcome.FAILED);
      former.failed(key);
      return;
    }
    if (record == null) {
      done(key, CallDesk.Outcome.UNKNOWN);
    } else if (peers.device().hasPeer(key)) {
      awake.put(record.name(), new Awake(key, nowMs(), listing));
      done(key, CallDesk.Outcome.FOUND);
    } else {
      keeper.remove(record.name());
      done(key, CallDesk.Outcome.REFUSED);
    }
    former.answered(key);
  }

  private void done(PublicKey key, CallDesk.Outcome outcome) {
    CallDesk.Waited waited = desk.done(key, outcome, System.nanoTime());
    CallDesk.Call call = waited.call();
    if (call != null) {
      peers.device().callers().again(key, call.message(), call.source());
    }
    if (!waited.packets().isEmpty()) {
      peers.device().callers().send(key, waited.packets());
    }
  }

  /** All records come again. The source's thread. */
  void beginListing() {
    int next = listing + 1;
    listing = next; // nobody else writes it
    sleepers.beginListing();
  }

  /** Some records, of the listing or changed. The source's thread. */
  void index(List<StoredRecord> some) {
    sleepers.take(some);
  }

  /** Those who are awake and were not in the listing are asked for again: they may be newer. */
  void endListing() {
    sleepers.endListing();
    for (Awake peer : awake.values()) {
      if (peer.listing != listing) {
        peer.checkedMs = Long.MIN_VALUE / 2;
      }
    }
  }

  /** How many records have a place at which their peer can be woken. Any thread. */
  int wakeable() {
    return sleepers.size();
  }

  /** Of the records that changed, those of peers that are awake. */
  List<StoredRecord> wanted(List<StoredRecord> some) {
    List<StoredRecord> wanted = new ArrayList<>();
    for (StoredRecord stored : some) {
      Awake peer = awake.get(stored.name());
      if (peer != null) {
        peer.listing = listing;
        wanted.add(stored);
      }
      PublicKey key = source.keyOf(stored.name());
      if (key != null && desk.forget(key)) {
        changed.add(key);
      }
    }
    return wanted;
  }

  /** Once a second: who has slept in, and whose record is too old. */
  void look() {
    former.look();
    long nowMs = nowMs();
    for (Map.Entry<String, Awake> one : awake.entrySet()) {
      Awake peer = one.getValue();
      boolean due = peer.checkedMs < 0 || nowMs - peer.checkedMs >= timeToLiveMs;
      if (due && !peer.asked && desk.takeToken(System.nanoTime())) {
        peer.asked = lookups.begin(peer.key, new Wanted(one.getKey(), peer)); // or later
      }
    }
    if (nowMs - lookedMs >= IDLE_LOOK_MS) {
      lookedMs = nowMs;
      sendToSleep(nowMs);
    }
  }

  private void sendToSleep(long nowMs) {
    Map<PublicKey, Long> handshakes = new HashMap<>();
    for (PeerTraffic traffic : peers.device().traffic()) {
      handshakes.put(
          traffic.publicKey(), TimeUnit.NANOSECONDS.toMillis(traffic.lastHandshakeEpochNs()));
    }
    List<String> idle = new ArrayList<>();
    awake.forEach(
        (name, peer) -> {
          long handshakeMs = handshakes.getOrDefault(peer.key, 0L);
          // Who was never there, though it is known and somebody named it, does not stay for long.
          long stayMs = handshakeMs == 0 ? Math.min(idleMs, SESSION_MS) : idleMs + SESSION_MS;
          long lastMs = handshakeMs == 0 ? peer.sinceMs : handshakeMs;
          if (nowMs - lastMs >= stayMs || !keeper.has(name)) {
            idle.add(name);
          }
        });
    idle.forEach(awake::remove);
    idle.forEach(keeper::remove);
  }

  private static long nowMs() {
    return System.currentTimeMillis();
  }

  void close() {
    peers.device().callers().listen(UnknownCallers.NONE, SleepingPeers.NONE);
    sleepers.close();
    lookups.close();
  }
}
