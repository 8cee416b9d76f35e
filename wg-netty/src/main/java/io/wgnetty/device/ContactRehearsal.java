package io.wgnetty.device;

import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.UnpooledByteBufAllocator;
import io.wgnetty.cipher.AeadChooser;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.X25519;
import java.security.SecureRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * First contacts between two nodes made up for it: a packet that waits, the handshake that it asks
 * for, data both ways. What has never been run is slow when it is run first, and a peer's first
 * packet should not wait for that. Once in a process, on a thread that nobody waits for.
 */
final class ContactRehearsal {
  /** As many as it takes until the JVM has begun to compile what runs once for each. */
  private static final int CONTACTS = 250;

  private static final int TRANSFERS = 300;
  private static final long MAX_NS = 2_000_000_000L;
  private static final int PACKET_BYTES = 84;
  private static final AtomicBoolean BEGUN = new AtomicBoolean();
  private static final CountDownLatch REHEARSED = new CountDownLatch(1);
  private static final Logger LOG = LoggerFactory.getLogger(ContactRehearsal.class);

  private ContactRehearsal() {}

  /** Rehearses with what an interface computes with, unless this process has done that. */
  static void begin(DeviceOptions options) {
    if (BEGUN.compareAndSet(false, true)) {
      X25519 x25519 = options.x25519();
      AeadProvider aeads = options.aead();
      Thread.ofPlatform().name("rehearsal").daemon().start(() -> rehearse(x25519, aeads));
    }
  }

  /** Waits until the contacts are over that {@link #begin} has begun. */
  static void await() throws InterruptedException {
    boolean unusedInTime = REHEARSED.await(2 * MAX_NS, TimeUnit.NANOSECONDS);
  }

  private static void rehearse(X25519 x25519, AeadProvider aeads) {
    try {
      var memory = new UnpooledByteBufAllocator(true, true);
      if (!run(x25519, aeads, new SecureRandom(), memory, CONTACTS)) {
        LOG.error("two nodes of our own do not reach each other: this machine computes wrongly");
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("a first contact between two nodes of our own failed", e);
    } finally {
      REHEARSED.countDown();
    }
    measure(aeads);
  }

  /**
   * Has sessions go to other shards and back, so that no packet waits for code that is run first
   * when they go to another process. On the caller's thread.
   */
  static void rehearseTransfers(DeviceOptions options) {
    var memory = new UnpooledByteBufAllocator(true, true);
    var random = new SecureRandom();
    try (var one =
            new RehearsalNode("192.0.2.1", options.x25519(), options.aead(), random, memory);
        var two =
            new RehearsalNode("192.0.2.2", options.x25519(), options.aead(), random, memory)) {
      one.meet(two, "10.0.0.2");
      two.meet(one, "10.0.0.1");
      one.beginAnew();
      two.beginAnew();
      boolean unusedHeard = contact(one, 1, two, 2);
      for (int i = 0; i < TRANSFERS; i++) {
        one.moveAndReturn();
      }
    }
  }

  /** Behind the contacts: a peer that calls at once is served by any cipher. */
  private static void measure(AeadProvider aeads) {
    try {
      if (aeads instanceof AeadChooser chooser) {
        CipherMeasurement.run(chooser);
      }
    } catch (RuntimeException | LinkageError e) {
      LOG.error("the ciphers could not be measured", e);
    }
  }

  /** Returns whether every packet arrived in every one of these contacts. */
  static boolean run(
      X25519 x25519,
      AeadProvider aeads,
      RandomGenerator random,
      ByteBufAllocator memory,
      int contacts) {
    try (var one = new RehearsalNode("192.0.2.1", x25519, aeads, random, memory);
        var two = new RehearsalNode("192.0.2.2", x25519, aeads, random, memory)) {
      one.meet(two, "10.0.0.2");
      two.meet(one, "10.0.0.1");
      long beginNs = System.nanoTime();
      boolean heard = true;
      for (int i = 0; heard && i < contacts && System.nanoTime() - beginNs < MAX_NS; i++) {
        one.beginAnew();
        two.beginAnew();
        heard = i % 2 == 0 ? contact(one, 1, two, 2) : contact(two, 2, one, 1);
      }
      return heard;
    }
  }

  private static boolean contact(RehearsalNode caller, int from, RehearsalNode called, int to) {
    caller.host(packet(from, to));
    exchange(caller, called);
    called.host(packet(to, from));
    exchange(called, caller);
    return called.arrived() == 1 && caller.arrived() == 1;
  }

  private static void exchange(RehearsalNode one, RehearsalNode two) {
    while (one.deliverTo(two) || two.deliverTo(one)) {
      // until nobody has any more to say
    }
  }

  /** An IPv4 packet between 10.0.0.from and 10.0.0.to. */
  private static byte[] packet(int from, int to) {
    byte[] packet = new byte[PACKET_BYTES];
    packet[0] = 0x45;
    packet[3] = PACKET_BYTES;
    packet[8] = 64;
    packet[9] = 1;
    packet[12] = 10;
    packet[15] = (byte) from;
    packet[16] = 10;
    packet[19] = (byte) to;
    return packet;
  }
}
