package io.wgnetty.peers.cluster;

import io.wgnetty.peers.etcd.EtcdLeases;
import io.wgnetty.peers.etcd.EtcdLeases.Change;
import io.wgnetty.peers.etcd.LeaseOverException;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes what this node has to say, all under one lease, on a thread of its own. What is to be
 * written is collected for a moment, so that a thousand peers that come at once are a few writes.
 */
final class LeaseKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(LeaseKeeper.class);

  /** A node that is gone is known to be gone after so long; an election of etcd's takes less. */
  static final int LEASE_SECONDS = 10;

  private static final long KEEP_MS = TimeUnit.SECONDS.toMillis(LEASE_SECONDS) / 3;
  private static final long COLLECT_MS = 20;
  private static final long PAUSE_MS = 500;
  private static final long CLOSING_MS = 3000;

  private final EtcdLeases leases;
  private final Supplier<Change> node;
  private final Runnable begunAnew;
  private final String interfaceName;
  private final PendingChanges pending = new PendingChanges();
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong transactions = new AtomicLong();
  private final AtomicLong failures = new AtomicLong();
  private final CountDownLatch closed = new CountDownLatch(1);
  private final Thread thread;
  private long lease;
  private long keptMs;
  private boolean hadLease;
  private boolean failing;

  /**
   * Nothing is written before {@link #start}.
   *
   * @param node what is said of this node itself
   * @param begunAnew called when all that was written is gone, and may be written again
   */
  LeaseKeeper(String interfaceName, EtcdLeases leases, Supplier<Change> node, Runnable begunAnew) {
    this.interfaceName = interfaceName;
    this.leases = leases;
    this.node = node;
    this.begunAnew = begunAnew;
    this.thread =
        Thread.ofPlatform().daemon().name("cluster-etcd-" + interfaceName).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** Writes it soon. Any thread. */
  void add(Change change) {
    pending.add(change);
  }

  int waiting() {
    return pending.size();
  }

  /** Changes that were written. */
  long written() {
    return written.get();
  }

  /** In so many transactions. */
  long transactions() {
    return transactions.get();
  }

  long failures() {
    return failures.get();
  }

  private void run() {
    try {
      while (!isClosed()) {
        turn();
      }
    } catch (InterruptedException e) {
      LOG.debug("nothing is written any more");
    }
    end();
  }

  private void turn() throws InterruptedException {
    List<Change> some = List.of();
    try {
      keepLease();
      pending.await(keptMs + KEEP_MS - nowMs());
      if (pending.size() > 0 && pending.size() < EtcdLeases.MAX_CHANGES) {
        boolean unusedClosed = closed.await(COLLECT_MS, TimeUnit.MILLISECONDS);
      }
      some = pending.take(EtcdLeases.MAX_CHANGES);
      if (!some.isEmpty()) {
        write(some);
      }
      worked();
    } catch (LeaseOverException e) {
      LOG.debug("interface {}: the lease is over", interfaceName);
      lease = 0;
      pending.putBack(some);
    } catch (IOException | RuntimeException e) {
      pending.putBack(some);
      failed(e);
      boolean unusedClosed = closed.await(PAUSE_MS, TimeUnit.MILLISECONDS);
    }
  }

  private void keepLease() throws IOException, InterruptedException {
    if (lease == 0) {
      lease = leases.grant(LEASE_SECONDS);
      keptMs = nowMs();
      write(List.of(node.get()));
      if (hadLease) {
        begunAnew.run();
      }
      hadLease = true;
    } else if (nowMs() - keptMs >= KEEP_MS) {
      leases.keep(lease);
      keptMs = nowMs();
    }
  }

  private void write(List<Change> some) throws IOException, InterruptedException {
    leases.write(lease, some);
    written.addAndGet(some.size());
    transactions.incrementAndGet();
  }

  private void failed(Exception e) {
    failures.incrementAndGet();
    if (!failing && !isClosed()) {
      failing = true;
      LOG.warn(
          "interface {}: other nodes do not hear of its peers: {}", interfaceName, e.getMessage());
    }
  }

  private void worked() {
    if (failing) {
      failing = false;
      LOG.info("interface {}: other nodes hear of its peers again", interfaceName);
    }
  }

  private void end() {
    try {
      if (lease != 0) {
        leases.revoke(lease);
      }
    } catch (IOException e) {
      LOG.debug("interface {}: the lease ends by itself", interfaceName, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosed() {
    return closed.getCount() == 0;
  }

  private static long nowMs() {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime());
  }

  /** Takes back all that was written, if that can be done soon. */
  void close() throws InterruptedException {
    closed.countDown();
    pending.close();
    thread.join(CLOSING_MS);
    leases.close();
    thread.interrupt();
  }
}
