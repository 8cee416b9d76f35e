package io.wgnetty.device;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.pipeline.NanoClock;
import io.wgnetty.shard.PeerShard;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Calls the peers that were alive when the interface's run before this one ended, so that they need
 * not find out by silence that their sessions are gone. A few at a time: between them the loops
 * carry packets, and the handshakes that others begin find room. Its thread exists while there is
 * somebody to call.
 */
final class FormerCalls implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(FormerCalls.class);

  private static final long INTERVAL_MS = 20;

  /**
   * 5,000 a second: what the workers of two cores compute; if there are fewer, calls wait there.
   */
  private static final int AT_ONCE = 100;

  /** How often to look whether the interface is up by now. */
  private static final long UP_INTERVAL_MS = 200;

  /** Who was not called after so long has noticed by itself. */
  private static final long PATIENCE_NS = TimeUnit.MINUTES.toNanos(2);

  private final String interfaceName;
  private final PeerOwners owners;
  private final NanoClock clock;
  private final ScheduledThreadPoolExecutor executor;
  private final ArrayDeque<PublicKey> waiting = new ArrayDeque<>();
  private long sinceNs;
  private boolean running;
  private int called;

  FormerCalls(String interfaceName, PeerOwners owners, NanoClock clock) {
    this.interfaceName = interfaceName;
    this.owners = owners;
    this.clock = clock;
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("calls-" + interfaceName).factory());
    executor.setKeepAliveTime(1, TimeUnit.SECONDS);
    executor.allowCoreThreadTimeOut(true);
  }

  /** Calls a peer as soon as its turn comes and the interface is up. It may be gone by then. */
  synchronized void add(PublicKey key) {
    waiting.add(key);
    if (!running) {
      running = true;
      called = 0;
      sinceNs = clock.nowNs();
      schedule(INTERVAL_MS);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing escapes from what it runs
  private void schedule(long delayMs) {
    try {
      executor.schedule(this::run, delayMs, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      running = false; // it was closed
    }
  }

  private void run() {
    try {
      owners.visit(owners.find(take()), this::call);
      goOn();
    } catch (RejectedExecutionException e) {
      LOG.debug("interface {} ends: nobody is called any more", interfaceName);
    }
  }

  private synchronized List<PublicKey> take() {
    List<PublicKey> keys = new ArrayList<>();
    while (keys.size() < AT_ONCE && !waiting.isEmpty()) {
      keys.add(waiting.remove());
    }
    return keys;
  }

  /** On the peer's loop. A peer that has come by itself meanwhile is left alone. */
  private void call(PeerShard shard, Peer peer) {
    if (!shard.isUp()) {
      callLater(peer.publicKey());
    } else if (peer.currentSession() == null) {
      shard.handshakes().attempts().initiate(peer, clock.nowNs());
      count();
    }
  }

  private synchronized void count() {
    called++;
  }

  private synchronized void callLater(PublicKey key) {
    waiting.add(key);
  }

  private synchronized void goOn() {
    boolean late = called == 0 && clock.nowNs() - sinceNs > PATIENCE_NS;
    if (waiting.isEmpty() || late) {
      waiting.clear();
      running = false;
      LOG.info("interface {}: called {} peers that were alive before", interfaceName, called);
    } else {
      schedule(called == 0 ? UP_INTERVAL_MS : INTERVAL_MS);
    }
  }

  @Override
  public synchronized void close() {
    waiting.clear();
    executor.shutdownNow();
  }
}
