package io.wgnetty.observe;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.device.PeerLabels;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes one line for each event of an interface that a person cares about: peers that come, move
 * and go, handshakes that fail, load, offloads that do not work. Names peers by label, or by the
 * beginning of their key.
 */
public final class EventLog implements ShardEvents {
  private static final Logger LOG = LoggerFactory.getLogger(EventLog.class);

  /** Lines of one kind in a window: enough to see an example, and that it is not the only one. */
  static final int LINES_PER_WINDOW = 5;

  static final long WINDOW_SECONDS = 10;

  /**
   * A session lives as long (protocol 1.3): who shook hands before that was connected all along.
   */
  private static final long CONNECTED_NS = TimeUnit.MINUTES.toNanos(3);

  private final String interfaceName;
  private final PeerLabels labels;
  private final Consumer<String> lines;
  private final LongSupplier clockNs;
  private final Executor afterWindow;
  private final StormDamper damper =
      new StormDamper(LINES_PER_WINDOW, TimeUnit.SECONDS.toNanos(WINDOW_SECONDS));
  private final AtomicBoolean summaryDue = new AtomicBoolean();

  /** The log of an interface, at level INFO. */
  public EventLog(String interfaceName, PeerLabels labels) {
    this(
        interfaceName,
        labels,
        LOG::info,
        System::nanoTime,
        CompletableFuture.delayedExecutor(WINDOW_SECONDS, TimeUnit.SECONDS));
  }

  /** {@code afterWindow} runs what it gets when a window's time has passed. */
  EventLog(
      String interfaceName,
      PeerLabels labels,
      Consumer<String> lines,
      LongSupplier clockNs,
      Executor afterWindow) {
    this.interfaceName = interfaceName;
    this.labels = labels;
    this.lines = lines;
    this.clockNs = clockNs;
    this.afterWindow = afterWindow;
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    if (gapNs < 0) {
      say("peers connected", () -> name(peer) + " is connected, at " + place(peer));
    } else if (gapNs > CONNECTED_NS) {
      say(
          "peers came back",
          () ->
              name(peer)
                  + " is back after "
                  + TimeUnit.NANOSECONDS.toSeconds(gapNs)
                  + " s, at "
                  + place(peer));
    }
  }

  @Override
  public void handshakeFailed(
      @Nullable Peer peer, HandshakeRole role, DropReason reason, @Nullable Endpoint source) {
    say(
        "handshakes failed: " + reason.word(),
        () -> {
          String whose = peer == null ? "" : " of " + name(peer);
          String from = source == null ? "" : " from " + source.withoutLocal();
          return "handshake message" + whose + from + " failed: " + reason.word();
        });
  }

  @Override
  public void handshakeGivenUp(Peer peer, int attempts) {
    say(
        "peers were silent",
        () -> name(peer) + " is silent: no answer to " + attempts + " handshake messages");
  }

  @Override
  public void sessionExpired(Peer peer) {
    say("sessions expired", () -> name(peer) + " is gone: its session was not renewed");
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    say(
        "peers moved",
        () -> name(peer) + " moved from " + from.withoutLocal() + " to " + to.withoutLocal());
  }

  @Override
  public void movedByName(Peer peer, String name, Endpoint to) {
    say("names led elsewhere", () -> name(peer) + " is tried at " + to + ", by its name " + name);
  }

  @Override
  public void cookieReceived(Peer peer) {
    say("cookies came", () -> name(peer) + " is under load, and asked for proof of our address");
  }

  @Override
  public void loadBegan(int shard) {
    say(
        "loads began",
        () -> "loop " + shard + " is under load: who shakes hands has to prove its address");
  }

  @Override
  public void loadEnded(int shard) {
    say("loads ended", () -> "loop " + shard + " is under load no more");
  }

  @Override
  public void offloadFellBack(int shard, String offload) {
    say("offloads fell back", () -> "loop " + shard + " goes without an offload: " + offload);
  }

  private String name(Peer peer) {
    return "peer " + labels.nameOf(peer.publicKey());
  }

  private static String place(Peer peer) {
    Endpoint endpoint = peer.endpoint();
    return endpoint == null ? "an unknown place" : endpoint.withoutLocal().toString();
  }

  private void say(String kind, Supplier<String> text) {
    long nowNs = clockNs.getAsLong();
    tellSummaries(nowNs);
    if (damper.passes(kind, nowNs)) {
      write(text.get());
    } else if (summaryDue.compareAndSet(false, true)) {
      afterWindow.execute(this::endOfWindow);
    }
  }

  private void endOfWindow() {
    summaryDue.set(false);
    tellSummaries(clockNs.getAsLong());
    if (damper.isHoldingBack() && summaryDue.compareAndSet(false, true)) {
      afterWindow.execute(this::endOfWindow); // of a window that began later
    }
  }

  private void tellSummaries(long nowNs) {
    for (StormDamper.Summary summary : damper.ended(nowNs)) {
      write(
          String.format(
              Locale.ROOT,
              "... and %,d more in the last %d s (%s)",
              summary.events(),
              WINDOW_SECONDS,
              summary.kind()));
    }
  }

  private void write(String text) {
    lines.accept("interface " + interfaceName + ": " + text);
  }
}
