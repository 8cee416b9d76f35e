package io.wgnetty.device;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import io.wgnetty.peer.HandshakeJob;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.protocol.HandshakeCrypto;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The threads that do the costly part of handshakes, so that data never waits for it. Their queue
 * is bounded: what finds no place is refused, and the protocol's timers try again.
 */
final class HandshakeWorkers implements AutoCloseable {
  /** As many messages as the kernel lets wait. */
  static final int QUEUE_CAPACITY = 4096;

  private static final Logger LOG = LoggerFactory.getLogger(HandshakeWorkers.class);

  /** Brings a result to the thread that owns it. */
  interface Delivery {
    void deliver(PeerShard owner, Runnable completion);
  }

  private final ArrayBlockingQueue<HandshakeJob> queue = new ArrayBlockingQueue<>(QUEUE_CAPACITY);
  private final List<Thread> threads = new ArrayList<>();
  private final Delivery delivery;
  private final BootClock clock;

  HandshakeWorkers(
      String name,
      int count,
      X25519 x25519,
      AeadProvider aeads,
      BootClock clock,
      Delivery delivery) {
    this.delivery = delivery;
    this.clock = clock;
    for (int i = 0; i < count; i++) {
      threads.add(
          Thread.ofPlatform()
              .name(name + "-handshake-" + i)
              .daemon()
              .start(() -> work(x25519, aeads)));
    }
  }

  /** Takes a job if there is room for it. Any thread. */
  boolean submit(HandshakeJob job) {
    return queue.offer(job);
  }

  /** How many jobs wait. */
  int queued() {
    return queue.size();
  }

  private void work(X25519 x25519, AeadProvider aeads) {
    try (Aead aead = aeads.create()) {
      HandshakeCrypto crypto = new HandshakeCrypto(x25519, aead, new SecureRandom());
      rehearse(crypto);
      while (!Thread.currentThread().isInterrupted()) {
        runOne(queue.take(), crypto);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the interface is closing
    }
  }

  private static void rehearse(HandshakeCrypto crypto) {
    try {
      if (!HandshakeRehearsal.run(crypto)) {
        LOG.error("a handshake between two ends of our own failed: this machine computes wrongly");
      }
    } catch (RuntimeException e) {
      LOG.error("a handshake between two ends of our own failed", e);
    }
  }

  private void runOne(HandshakeJob job, HandshakeCrypto crypto) {
    try {
      job.run(crypto);
    } catch (RuntimeException e) {
      // A message can not make this happen; should it all the same, this worker goes on with the
      // next.
      LOG.error("a handshake step failed unexpectedly", e);
      job.discard();
      return;
    }
    PeerShard owner = job.owner();
    if (owner != null) {
      delivery.deliver(owner, () -> job.complete(clock.nowNs()));
    }
  }

  /** Ends the threads and waits for them: what they compute now has nobody to go to. */
  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
    List<HandshakeJob> unfinished = new ArrayList<>();
    queue.drainTo(unfinished);
    unfinished.forEach(HandshakeJob::discard);
    for (Thread thread : threads) {
      try {
        thread.join(Duration.ofSeconds(1));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
