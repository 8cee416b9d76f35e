package io.wgnetty.observe;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.device.PeerTraffic;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes events of what loops tell, from when somebody follows until nobody does any more; on a
 * thread of its own, so that loops wait for nothing. Loops only leave what happened in a queue that
 * has a bound.
 */
final class EventRun {
  /** What loops may be ahead; more is counted and forgotten. */
  static final int MAX_WAITING = 16_384;

  /** Of calls that failed and of unknown keys so many are told in a window, the rest is counted. */
  static final int TOLD_PER_WINDOW = 10;

  private static final long WINDOW_NS = TimeUnit.SECONDS.toNanos(10);

  /** How soon an event is told, and how soon it is seen that a peer is gone. */
  private static final long PAUSE_MS = 50;

  private static final long LOOK_NS = TimeUnit.SECONDS.toNanos(5);

  private final String interfaceName;
  private final PeerLabels labels;
  private final Supplier<List<PeerTraffic>> peers;
  private final LongSupplier clockNs;
  private final LongSupplier epochMs;
  private final Presence presence;
  private final StormDamper damper = new StormDamper(TOLD_PER_WINDOW, WINDOW_NS);
  private final Queue<Runnable> happenings = new ConcurrentLinkedQueue<>();
  private final AtomicInteger waiting = new AtomicInteger();
  private final AtomicLong lost = new AtomicLong();
  private final List<EventSubscription> subscriptions = new CopyOnWriteArrayList<>();
  private long lookedNs;

  EventRun(
      String interfaceName,
      PeerLabels labels,
      Supplier<List<PeerTraffic>> peers,
      long goneNs,
      LongSupplier clockNs,
      LongSupplier epochMs) {
    this.presence = new Presence(goneNs);
    this.interfaceName = interfaceName;
    this.labels = labels;
    this.peers = peers;
    this.clockNs = clockNs;
    this.epochMs = epochMs;
    lookedNs = clockNs.getAsLong();
    presence.begin(peers.get(), lookedNs);
  }

  void add(EventSubscription subscription) {
    subscriptions.add(subscription);
  }

  /** Whether others are left. */
  boolean remove(EventSubscription subscription) {
    subscriptions.remove(subscription);
    return !subscriptions.isEmpty();
  }

  /** Takes something that happened, to be told by this thread. Any thread; waits for nothing. */
  void later(Runnable happening) {
    if (waiting.incrementAndGet() > MAX_WAITING) {
      waiting.decrementAndGet();
      lost.incrementAndGet();
      return;
    }
    happenings.add(happening);
  }

  /** Until it is interrupted, or nobody follows. */
  void run() {
    try {
      while (!subscriptions.isEmpty()) {
        work();
        TimeUnit.MILLISECONDS.sleep(PAUSE_MS);
      }
    } catch (InterruptedException e) {
      return; // the interface ends
    }
  }

  /** Tells what has happened since. */
  void work() {
    Runnable happening = happenings.poll();
    while (happening != null) {
      waiting.decrementAndGet();
      happening.run();
      happening = happenings.poll();
    }
    long nowNs = clockNs.getAsLong();
    for (StormDamper.Summary summary : damper.ended(nowNs)) {
      tell(summary.kind(), null, Map.of("more", summary.events()));
    }
    long forgotten = lost.getAndSet(0);
    if (forgotten > 0) {
      tell(NodeEvent.LOST, null, Map.of("events", forgotten));
    }
    if (nowNs - lookedNs >= LOOK_NS) {
      lookedNs = nowNs;
      for (Presence.Change change : presence.look(peers.get(), nowNs)) {
        tell(change, null);
      }
    }
  }

  /** A peer has a new session. */
  void completed(PublicKey key, @Nullable String place) {
    Presence.Change change = presence.completed(key, clockNs.getAsLong());
    if (change != null) {
      tell(change, place);
    }
  }

  private void tell(Presence.Change change, @Nullable String place) {
    Map<String, Object> details = details();
    if (place != null) {
      details.put("endpoint", place);
    }
    if (!change.kind().equals(NodeEvent.CONNECTED)) {
      details.put("silent_seconds", TimeUnit.NANOSECONDS.toSeconds(change.silentNs()));
    }
    tell(change.kind(), change.key(), details);
  }

  /** Nothing came back from a peer, however often it was called. */
  void unanswered(PublicKey key, int attempts) {
    boolean connected = presence.isConnected(key);
    if (presence.unanswered(key, clockNs.getAsLong())) {
      failed(key, connected, details("reason", "no-answer", "attempts", attempts));
    }
  }

  /** A handshake message of a peer, or for it, led to nothing. */
  void failed(PublicKey key, String reason, @Nullable String source) {
    failed(
        key,
        presence.isConnected(key),
        source == null ? details("reason", reason) : details("reason", reason, "from", source));
  }

  /** Names and values by turns, in their order. */
  static Map<String, Object> details(Object... pairs) {
    Map<String, Object> details = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      details.put((String) pairs[i], pairs[i + 1]);
    }
    return details;
  }

  private void failed(PublicKey key, boolean connected, Map<String, Object> details) {
    damped(connected ? NodeEvent.REKEY_FAILED : NodeEvent.HANDSHAKE_FAILED, key, details);
  }

  /** One of many, perhaps. */
  void damped(String kind, @Nullable PublicKey key, Map<String, Object> details) {
    if (damper.passes(kind, clockNs.getAsLong())) {
      tell(kind, key, details);
    }
  }

  void tell(String kind, @Nullable PublicKey key, Map<String, Object> details) {
    String label = key == null ? null : labels.get(key);
    var event = new NodeEvent(epochMs.getAsLong(), kind, interfaceName, key, label, details);
    subscriptions.forEach(each -> each.offer(event));
  }
}
