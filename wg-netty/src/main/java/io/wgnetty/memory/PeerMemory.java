package io.wgnetty.memory;

import io.wgnetty.counters.HandshakeRole;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.FormerPeers;
import io.wgnetty.device.PeerTrace;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardEvents;
import io.wgnetty.protocol.Endpoint;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an interface's run leaves to the next: its peers' traces, kept in a file while it runs.
 *
 * <p>Loops tell which peers have changed, a thread of its own asks for their traces and writes all
 * of them every few seconds, if there was a change. What a node that is killed did last is lost.
 */
public final class PeerMemory implements FormerPeers, ShardEvents, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PeerMemory.class);

  private static final Duration INTERVAL = Duration.ofSeconds(5);

  /** So much goes to the disk on average, however many peers change. */
  private static final long BYTES_PER_SECOND = 500_000;

  /** A session lives as long (protocol 1.3). */
  private static final long SESSION_NS = TimeUnit.MINUTES.toNanos(3);

  /** Who was left alone for longer has noticed, and may be anywhere. */
  private static final long CALLED_AFTER_NS = TimeUnit.HOURS.toNanos(1);

  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(5);
  private static final int KEYS_AT_ONCE = 1024;

  private final MemoryFile file;
  private final LongSupplier epochNs;
  private final Map<PublicKey, PeerTrace> known = new ConcurrentHashMap<>();
  private final Set<PublicKey> changed = ConcurrentHashMap.newKeySet();
  private final ScheduledThreadPoolExecutor executor;

  /** When the run before this one wrote last; 0 if nothing of it is known. */
  private final long formerEpochNs;

  private volatile @Nullable PublicKey own;
  private volatile boolean closed;

  /** What is known differs from the file. */
  private volatile boolean unwritten;

  // ---- of its thread only

  private boolean failing;
  private long nextWriteNs;

  private PeerMemory(MemoryFile file, LongSupplier epochNs, @Nullable PeerRecords former) {
    this.file = file;
    this.epochNs = epochNs;
    formerEpochNs = former == null ? 0 : former.writtenEpochNs();
    own = former == null ? null : former.own();
    if (former != null) {
      former.peers().forEach(peer -> known.put(peer.publicKey(), peer));
    }
    executor =
        new ScheduledThreadPoolExecutor(
            1, Thread.ofPlatform().daemon().name("memory-" + file.interfaceName()).factory());
  }

  /**
   * What the run before has left of an interface. A file that is damaged, or that others may write,
   * is reported and counts for nothing.
   *
   * @param folders where it may be
   * @param epochNs the wall clock, in nanoseconds since 1970
   */
  public static PeerMemory of(String interfaceName, List<Path> folders, LongSupplier epochNs) {
    var file = new MemoryFile(interfaceName, folders);
    PeerRecords former = null;
    try {
      former = file.read().orElse(null);
    } catch (IOException e) {
      LOG.warn("interface {}: nothing is known of the run before: {}", interfaceName, reason(e));
    }
    return new PeerMemory(file, epochNs, former);
  }

  private static String reason(Exception e) {
    return String.valueOf(e.getMessage());
  }

  /** Keeps the traces of this device's peers from now on. */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing escapes from what it runs
  public void keep(DeviceControl device) {
    executor.scheduleWithFixedDelay(
        () -> tick(device), INTERVAL.toMillis(), INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * The same for peers of another process, which has kept them until now: of each there may be more
   * to know than its file said when it was read here.
   */
  public void keepAll(DeviceControl device) {
    changed.addAll(device.peerKeys());
    keep(device);
  }

  void tick(DeviceControl device) {
    try {
      collect(device);
      if (unwritten && System.nanoTime() - nextWriteNs >= 0) {
        write();
      }
    } catch (RejectedExecutionException e) {
      LOG.debug("interface {} ends", file.interfaceName());
    } catch (RuntimeException e) {
      LOG.error("interface {}: traces of peers could not be kept", file.interfaceName(), e);
    }
  }

  private void collect(DeviceControl device) {
    List<PublicKey> keys = new ArrayList<>();
    for (PublicKey key : changed) {
      keys.add(key);
      if (keys.size() == KEYS_AT_ONCE) {
        collect(device, keys);
        keys.clear();
      }
    }
    collect(device, keys);
  }

  private void collect(DeviceControl device, List<PublicKey> keys) {
    if (keys.isEmpty()) {
      return;
    }
    // First: who changes from here on does so again.
    changed.removeAll(Set.copyOf(keys));
    for (PeerTrace trace : device.traces(keys)) {
      if (known.size() < DeviceControl.MAX_PEERS || known.containsKey(trace.publicKey())) {
        known.put(trace.publicKey(), trace);
      }
    }
    unwritten = true;
  }

  private void write() {
    PublicKey owner = own;
    if (owner == null) {
      return; // it has no key, and so no sessions
    }
    try {
      unwritten = false; // first: what changes from here on is for the next time
      List<PeerTrace> peers = List.copyOf(known.values());
      long bytes = file.write(new PeerRecords(owner, epochNs.getAsLong(), peers));
      long pauseNs = TimeUnit.SECONDS.toNanos(bytes) / BYTES_PER_SECOND;
      nextWriteNs = System.nanoTime() + pauseNs;
      if (failing) {
        LOG.info("interface {}: traces of peers are kept again", file.interfaceName());
      }
      failing = false;
    } catch (IOException e) {
      if (!failing) {
        LOG.warn("interface {} keeps no traces of peers: {}", file.interfaceName(), reason(e));
      }
      failing = true;
      unwritten = true;
    }
  }

  /** Writes what is known at the end, while the device still runs. */
  public void close(DeviceControl device) {
    if (closed) {
      return;
    }
    closed = true;
    executor.getQueue().clear();
    try {
      executor
          .submit(
              () -> {
                nextWriteNs = System.nanoTime();
                tick(device);
              })
          .get(PATIENCE_AT_END.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn("interface {}: the last traces of peers were not kept", file.interfaceName());
    }
    close();
  }

  /** Ends it without a last word. */
  @Override
  public void close() {
    closed = true;
    executor.shutdownNow();
  }

  // ---- the interface's configuration

  @Override
  public void belongTo(@Nullable PublicKey key) {
    PublicKey before = own;
    if (key == null || key.equals(before)) {
      return;
    }
    if (before != null && !known.isEmpty()) {
      LOG.info(
          "interface {} has another key than before: nothing is known of its peers",
          file.interfaceName());
      known.clear();
    }
    own = key;
  }

  @Override
  public @Nullable PeerTrace recall(PublicKey key) {
    return known.get(key);
  }

  @Override
  public boolean wasAlive(PeerTrace trace) {
    long nowNs = epochNs.getAsLong();
    return trace.endpoint() != null
        && trace.lastHandshakeEpochNs() > formerEpochNs - SESSION_NS
        && trace.lastHandshakeEpochNs() <= formerEpochNs
        && nowNs - formerEpochNs < CALLED_AFTER_NS;
  }

  @Override
  public List<PublicKey> alive() {
    return known.values().stream().filter(this::wasAlive).map(PeerTrace::publicKey).toList();
  }

  @Override
  public void forget(PublicKey key) {
    if (!closed && known.remove(key) != null) {
      unwritten = true;
    }
  }

  // ---- what loops tell

  @Override
  public void handshakeBegun(Peer peer, HandshakeRole role) {
    if (role == HandshakeRole.ANSWERED) { // its timestamp is the greatest now
      changed.add(peer.publicKey());
    }
  }

  @Override
  public void handshakeCompleted(
      Peer peer, HandshakeRole role, long durationNs, long gapNs, int attempts) {
    changed.add(peer.publicKey());
  }

  @Override
  public void roamed(Peer peer, Endpoint from, Endpoint to) {
    changed.add(peer.publicKey());
  }
}
