package io.wgnetty.setup;

import io.wgnetty.config.Configuration;
import io.wgnetty.config.PeerFields;
import io.wgnetty.crypto.PublicKey;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes peers from the running interface when their time is over, on a thread of its own. They
 * stay in the file, and come back when that says a later end.
 *
 * <p>The clock is looked at once a second, because it may be set.
 */
final class PeerEnds implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerEnds.class);

  private static final long PERIOD_MS = 1000;

  private final InterfaceParts parts;
  private final FileMemory memory;
  private final BesidePeers beside;
  private final Object lock;
  private @Nullable ScheduledExecutorService thread;
  private boolean closed;
  private final LongAdder expired = new LongAdder();

  /** The interface is another process's still. */
  private boolean held;

  /**
   * No thread yet.
   *
   * @param lock held by whoever changes the interface as a whole
   */
  PeerEnds(InterfaceParts parts, FileMemory memory, BesidePeers beside, Object lock) {
    this.parts = parts;
    this.memory = memory;
    this.beside = beside;
    this.lock = lock;
  }

  /** The file was read again, and may have come to speak of ends; with the lock held. */
  void fileChanged() {
    if (thread != null || closed || !memory.hasEnds()) {
      return;
    }
    thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("ends-" + parts.name()).factory());
    var unusedTask =
        thread.scheduleWithFixedDelay(this::look, PERIOD_MS, PERIOD_MS, TimeUnit.MILLISECONDS);
  }

  /** What fails is tried again a second later. */
  private void look() {
    try {
      removeOver(System.currentTimeMillis() / 1000);
    } catch (SetupException | RuntimeException e) {
      LOG.warn("interface {}: expired peers: {}", parts.name(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Removes the peers whose time is over at this second since 1970. */
  void removeOver(long nowEpochSeconds) throws SetupException, InterruptedException {
    synchronized (lock) {
      Map<PublicKey, FileMemory.PeerMemory> over =
          closed || held ? Map.of() : memory.over(nowEpochSeconds);
      if (over.isEmpty()) {
        return;
      }
      remove(over.keySet());
      over.forEach(this::tell);
    }
  }

  private void remove(Set<PublicKey> keys) throws SetupException, InterruptedException {
    var nobody = new Configuration(memory.settings(), List.of());
    ReloadReport report = PeerUpdate.apply(parts, memory, beside, nobody, keys);
    memory.bar(keys);
    expired.add(keys.size());
    beside.fileChanged();
    report.failures().forEach(failure -> LOG.error("interface {}: {}", parts.name(), failure));
  }

  /** How many peers were removed so far because their time was over. Any thread. */
  long expired() {
    return expired.sum();
  }

  /** Nothing is removed before {@link #begin}. */
  void hold() {
    synchronized (lock) {
      held = true;
    }
  }

  /**
   * The interface came from another process; peers whose time was over on the way are removed. With
   * the lock held.
   */
  void begin() {
    held = false;
    try {
      Set<PublicKey> late = memory.barred(parts.device().peerKeys());
      if (!late.isEmpty()) {
        LOG.warn("interface {}: {} peers have expired meanwhile", parts.name(), late.size());
        remove(late);
      }
    } catch (SetupException | RuntimeException e) {
      LOG.warn("interface {}: expired peers: {}", parts.name(), e.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void tell(PublicKey key, FileMemory.PeerMemory peer) {
    LOG.warn(
        "interface {}: peer {}{} expired at {}, and is removed",
        parts.name(),
        peer.label() == null ? "" : peer.label() + ", ",
        key,
        PeerFields.expiry(peer.notAfter()));
  }

  /** Nothing is changed from now on; with the lock held. */
  @Override
  public void close() {
    closed = true;
    if (thread != null) {
      thread.shutdown();
    }
  }
}
