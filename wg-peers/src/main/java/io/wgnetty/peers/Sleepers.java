package io.wgnetty.peers;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.SleepingPeers;
import io.wgnetty.peers.call.SleeperIndex;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.peers.record.RecordException;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.StoredRecord;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Peers that sleep and can be woken, because their records say where they are, and packets that
 * loops have for them. Loops leave packets without waiting for anybody; a thread takes them from
 * there.
 */
final class Sleepers implements SleepingPeers, AutoCloseable {
  /** Packets, of which a super-packet is one, that wait for the thread. */
  static final int MAX_LEFT = 1024;

  private record Sent(PublicKey key, List<byte[]> packets) {}

  private final PeerSource source;
  private final BiConsumer<PublicKey, List<byte[]>> taker;
  private final Queue<Sent> left = new ConcurrentLinkedQueue<>();
  private final AtomicInteger leftSize = new AtomicInteger();
  private final Thread thread;
  private volatile boolean closed;

  /** What is asked. */
  private volatile SleeperIndex index = new SleeperIndex();

  /** What records go into: another one only while all come again. */
  private SleeperIndex filling = index;

  private volatile int size;

  /**
   * Nobody sleeps yet.
   *
   * @param taker gets what is sent to them, on a thread of its own
   */
  Sleepers(PeerSource source, String interfaceName, BiConsumer<PublicKey, List<byte[]>> taker) {
    this.source = source;
    this.taker = taker;
    this.thread =
        Thread.ofPlatform().daemon().name("peers-waking-" + interfaceName).unstarted(this::run);
  }

  void start() {
    thread.start();
  }

  /** All records come again. The source's thread, as all that changes records. */
  void beginListing() {
    filling = new SleeperIndex();
    if (index.size() == 0) {
      index = filling; // of use while it is filled
    }
  }

  void endListing() {
    index = filling;
    size = filling.size();
  }

  /** Some records as they are now. */
  void take(List<StoredRecord> some) {
    some.forEach(this::take);
    size = index.size();
  }

  private void take(StoredRecord stored) {
    PublicKey key = source.keyOf(stored.name());
    if (key == null) {
      return; // it could not be looked up
    }
    PeerRecord record = read(stored);
    if (record == null || record.disabled() || record.settings().endpoint() == null) {
      filling.remove(key);
    } else {
      filling.put(key, stored.order(), record.settings().allowedIps());
    }
    if (record != null) {
      record.wipe();
    }
  }

  private @Nullable PeerRecord read(StoredRecord stored) {
    try {
      return stored.isGone() ? null : RecordIntake.read(stored, source);
    } catch (RecordException e) {
      return null; // said when it is looked up
    }
  }

  /** How many can be woken. Any thread. */
  int size() {
    return size;
  }

  @Override
  public @Nullable PublicKey find(boolean isIpv6, long high, long low) {
    return index.find(isIpv6, high, low);
  }

  @Override
  public boolean wake(PublicKey key, List<byte[]> packets) {
    if (leftSize.get() >= MAX_LEFT) {
      return false;
    }
    leftSize.incrementAndGet();
    left.add(new Sent(key, packets));
    LockSupport.unpark(thread);
    return true;
  }

  private void run() {
    while (!closed) {
      Sent sent = left.poll();
      if (sent == null) {
        LockSupport.park(this);
      } else {
        leftSize.decrementAndGet();
        taker.accept(sent.key(), sent.packets());
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    LockSupport.unpark(thread);
  }
}
