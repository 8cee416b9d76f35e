package io.wgnetty.observe;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What happens to an interface and its peers, for whoever wants to follow it. While nobody does it
 * does nothing. Any thread.
 */
public final class EventFeed implements ShardEvents, AutoCloseable {
  /** A file may have many errors. */
  private static final int MAX_REASON_CHARACTERS = 1000;

  private final String interfaceName;
  private final PeerLabels labels;
  private final long goneNs;
  private final LongSupplier clockNs;
  private final LongSupplier epochMs;
  private volatile Supplier<List<PeerTraffic>> peers = List::of;

  /** {@code null} while nobody follows. */
  private volatile @Nullable EventRun run;

  private @Nullable Thread thread;
  private boolean closed;

  /** The events of an interface. */
  public EventFeed(String interfaceName, PeerLabels labels) {
    this(interfaceName, labels, Presence.goneNs(), System::nanoTime, System::currentTimeMillis);
  }

  EventFeed(
      String interfaceName,
      PeerLabels labels,
      long goneNs,
      LongSupplier clockNs,
      LongSupplier epochMs) {
    this.interfaceName = interfaceName;
    this.labels = labels;
    this.goneNs = goneNs;
    this.clockNs = clockNs;
    this.epochMs = epochMs;
  }

  /** From now on these are the peers. */
  public void watch(Supplier<List<PeerTraffic>> traffic) {
    peers = traffic;
  }

  /** Follows what happens from now on, until the subscription is closed. */
  public synchronized EventSubscription follow() {
    var subscription = new EventSubscription(this::leave);
    EventRun at = run;
    if (at != null) {
      at.add(subscription);
    } else if (!closed) {
      var begun = new EventRun(interfaceName, labels, peers, goneNs, clockNs, epochMs);
      begun.add(subscription);
      run = begun;
      thread = Thread.ofPlatform().daemon().name("events-" + interfaceName).start(begun::run);
    }
    return subscription;
  }

  private synchronized void leave(EventSubscription subscription) {
    EventRun at = run;
    if (at != null && !at.remove(subscription)) {
      run = null; // its thread ends by itself
    }
  }

  /** What is under way, for tests. */
  @Nullable EventRun present() {
    return run;
  }

  private void later(Consumer<EventRun> happening) {
    EventRun at = run;
    if (at != null) {
      at.later(() -> happening.accept(at));
    }
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    if (run != null) {
      PublicKey key = peer.publicKey();
      Endpoint endpoint = peer.endpoint();
      later(at -> at.completed(key, endpoint == null ? null : place(endpoint)));
    }
  }

  @Override
  public void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {
    if (run != null && peer != null) {
      PublicKey key = peer.publicKey();
      later(at -> at.failed(key, reason.word(), source == null ? null : place(source)));
    }
  }

  @Override
  public void handshakeGivenUp(Peer peer, int attempts) {
    if (run != null) {
      PublicKey key = peer.publicKey();
      later(at -> at.unanswered(key, attempts));
    }
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    if (run != null) {
      PublicKey key = peer.publicKey();
      later(
          at ->
              at.tell(
                  NodeEvent.MOVED, key, EventRun.details("from", place(from), "to", place(to))));
    }
  }

  @Override
  public void movedByName(Peer peer, String name, Endpoint to) {
    if (run != null) {
      PublicKey key = peer.publicKey();
      later(at -> at.tell(NodeEvent.TRIED, key, EventRun.details("name", name, "to", place(to))));
    }
  }

  @Override
  public void unknownKey(PublicKey key, Endpoint source) {
    later(at -> at.damped(NodeEvent.UNKNOWN_KEY, key, EventRun.details("from", place(source))));
  }

  @Override
  public void limitReached(Peer peer, DropReason reason) {
    if (run != null) {
      PublicKey key = peer.publicKey();
      later(at -> at.tell(NodeEvent.LIMIT_REACHED, key, EventRun.details("reason", reason.word())));
    }
  }

  /** The interface's file was read, and could not be applied as a whole. */
  public void reloadFailed(String why) {
    String line = why.lines().map(String::strip).collect(Collectors.joining("; "));
    String reason = line.substring(0, Math.min(line.length(), MAX_REASON_CHARACTERS));
    later(at -> at.tell(NodeEvent.RELOAD_FAILED, null, EventRun.details("reason", reason)));
  }

  private static String place(Endpoint endpoint) {
    return endpoint.withoutLocal().toString();
  }

  /** Ends it for all who follow. */
  @Override
  public synchronized void close() {
    closed = true;
    run = null;
    if (thread != null) {
      thread.interrupt();
    }
  }
}
