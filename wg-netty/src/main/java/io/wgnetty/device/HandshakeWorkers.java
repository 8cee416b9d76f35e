package io.wgnetty.device;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.protocol.HandshakeCrypto;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that do the costly part of handshakes, so that data never waits for it: they have a
 * tenth of a loop's claim to the processor where there is not enough for all. What waits for them
 * is in {@link HandshakeLanes}, which are bounded.
 */
final class HandshakeWorkers implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HandshakeWorkers.class);
  private static final long LOOK_AGAIN_NS = 5_000_000;

  /**
   * While there is more to do, so many results are brought together, of so short a time: each
   * delivery wakes a loop.
   */
  private static final int MAX_RESULTS = 16;

  private static final long MAX_RESULTS_NS = 1_000_000;

  /** Brings results to the threads that own them. */
  interface Delivery {
    void deliver(List<HandshakeJob> done);
  }

  private final HandshakeLanes lanes;
  private final List<Worker> workers = new ArrayList<>();
  private final AtomicLong failures = new AtomicLong();
  private final Delivery delivery;
  private final BootClock clock;

  static HandshakeWorkers of(DeviceOptions options, BootClock clock, Delivery delivery) {
    return new HandshakeWorkers(
        options.tun().name(),
        options.handshakeWorkers(),
        options.loops(),
        options.x25519(),
        options.aead(),
        clock,
        delivery);
  }

  HandshakeWorkers(
      String name,
      int count,
      int loops,
      X25519 x25519,
      AeadProvider aeads,
      BootClock clock,
      Delivery delivery) {
    this.lanes = new HandshakeLanes(loops);
    this.delivery = delivery;
    this.clock = clock;
    for (int i = 0; i < count; i++) {
      workers.add(new Worker(name + "-handshake-" + i, x25519, aeads));
    }
    workers.forEach(worker -> worker.thread.start());
  }

  /** Takes a job if there is room for it. Any thread. */
  boolean submit(HandshakeJob job) {
    return lanes.offer(job);
  }

  /** How many initiations wait that came without a cookie. Any thread. */
  int unproven() {
    return lanes.unproven();
  }

  /** How many initiations that came in wait. */
  int queued() {
    return lanes.incoming();
  }

  /** How many jobs broke down, which is a defect of ours or of the machine. */
  long failures() {
    return failures.get();
  }

  /**
   * Whether every worker goes on: it waits for work, or comes to the end of what it does.
   *
   * @param patience how long to wait for that end
   */
  boolean areAlive(Duration patience) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    for (Worker worker : workers) {
      if (!worker.goesOn(deadlineNs)) {
        return false;
      }
    }
    return true;
  }

  /** One thread and its tools. */
  private final class Worker implements Runnable {
    private final Thread thread;
    private final X25519 x25519;
    private final AeadProvider aeads;

    /** What was computed and not delivered yet. */
    private final List<HandshakeJob> results = new ArrayList<>(MAX_RESULTS);

    private final WorkPrice price = new WorkPrice();

    /** When the last step ended, or the first after a pause began. */
    private long busySinceNs;

    /** The thread's processor time at that moment. */
    private long cpuNs;

    private long oldestNs;
    private boolean isDue;

    /** Counts beginnings and ends of jobs: odd during one. */
    private final AtomicLong steps = new AtomicLong();

    Worker(String name, X25519 x25519, AeadProvider aeads) {
      this.x25519 = x25519;
      this.aeads = aeads;
      this.thread = Thread.ofPlatform().name(name).daemon().unstarted(this);
    }

    @Override
    public void run() {
      try (Aead aead = aeads.create()) {
        HandshakeCrypto crypto = new HandshakeCrypto(x25519, aead, new SecureRandom());
        rehearse(crypto);
        ThreadWeight.lower();
        busySinceNs = clock.nowNs();
        cpuNs = BootClock.threadCpuNs();
        for (int turn = 0; !Thread.currentThread().isInterrupted(); turn++) {
          HandshakeJob job = lanes.poll(turn);
          if (isDue || (job == null && !results.isEmpty())) {
            deliver();
          }
          if (job == null) {
            job = lanes.take(turn);
            busySinceNs = clock.nowNs();
            cpuNs = BootClock.threadCpuNs();
          }
          steps.incrementAndGet();
          runOne(job, crypto);
          steps.incrementAndGet();
        }
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt(); // the interface is closing
      } finally {
        results.forEach(HandshakeJob::discard);
      }
    }

    private void runOne(HandshakeJob job, HandshakeCrypto crypto) {
      try {
        long nowNs = clock.nowNs();
        if (!job.isStale(nowNs)) {
          job.run(crypto);
          nowNs = clock.nowNs();
          long totalCpuNs = BootClock.threadCpuNs(); // a system call: one for each step
          job.took(price.of(nowNs - busySinceNs, totalCpuNs - cpuNs), nowNs);
          busySinceNs = nowNs;
          cpuNs = totalCpuNs;
        }
        if (results.isEmpty()) {
          oldestNs = nowNs;
        }
        results.add(job);
        isDue = results.size() >= MAX_RESULTS || nowNs - oldestNs >= MAX_RESULTS_NS;
      } catch (Throwable e) {
        // A message can not make this happen; should it all the same, or should memory be short,
        // this worker goes on with the next.
        failures.incrementAndGet();
        giveUp(job, e);
      }
    }

    private void deliver() {
      isDue = false;
      try {
        delivery.deliver(results);
      } catch (Throwable e) { // when memory is short
        failures.incrementAndGet();
        LOG.error("results of handshake steps are lost", e);
      } finally {
        results.clear();
      }
    }

    boolean goesOn(long deadlineNs) {
      long before = steps.get();
      boolean busy = before % 2 != 0;
      while (busy && steps.get() == before && thread.isAlive()) {
        if (System.nanoTime() - deadlineNs >= 0) {
          return false;
        }
        LockSupport.parkNanos(LOOK_AGAIN_NS);
      }
      return thread.isAlive();
    }
  }

  private static void rehearse(HandshakeCrypto crypto) {
    try {
      if (!HandshakeRehearsal.run(crypto)) {
        LOG.error("a handshake between two ends of our own failed: this machine computes wrongly");
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("a handshake between two ends of our own failed", e);
    }
  }

  private static void giveUp(HandshakeJob job, Throwable reason) {
    try {
      job.discard();
      LOG.error("a handshake step failed unexpectedly", reason);
    } catch (Throwable e) {
      reason.addSuppressed(e); // there is nothing left to tell it with
    }
  }

  /** Ends the threads and waits for them: what they compute now has nobody to go to. */
  @Override
  public void close() {
    workers.forEach(worker -> worker.thread.interrupt());
    lanes.drain(HandshakeJob::discard);
    for (Worker worker : workers) {
      try {
        worker.thread.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
