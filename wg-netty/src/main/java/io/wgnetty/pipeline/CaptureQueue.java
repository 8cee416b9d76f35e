package io.wgnetty.pipeline;

import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Captured packets on their way from the loops to the one who reads them. Has a bound: what does
 * not fit is counted and forgotten, so that a slow reader delays no loop.
 */
public final class CaptureQueue {
  /** A reader that is a second behind a stream of 100 Mbit/s. */
  static final long MAX_BYTES = 16 << 20;

  /** What a packet takes beside its bytes: objects, and their places in the queue. */
  static final int PACKET_OVERHEAD_BYTES = 128;

  private final ConcurrentLinkedQueue<CapturedPacket> packets = new ConcurrentLinkedQueue<>();
  private final AtomicLong waitingBytes = new AtomicLong();
  private final LongAdder lost = new LongAdder();

  /**
   * Whether there is room for a packet, which is taken then. To be asked before it is copied.
   *
   * @param bytes how much of it is kept
   */
  boolean reserve(int bytes) {
    long all = waitingBytes.addAndGet(bytes + PACKET_OVERHEAD_BYTES);
    if (all <= MAX_BYTES) {
      return true;
    }
    waitingBytes.addAndGet(-bytes - PACKET_OVERHEAD_BYTES);
    lost.increment();
    return false;
  }

  /** Takes a packet that there is room for. */
  void add(CapturedPacket packet) {
    packets.add(packet);
  }

  /** The next one, {@code null} if none waits. For one thread. */
  public @Nullable CapturedPacket poll() {
    CapturedPacket packet = packets.poll();
    if (packet != null) {
      waitingBytes.addAndGet(-packet.bytes().length - PACKET_OVERHEAD_BYTES);
    }
    return packet;
  }

  /** How many packets were forgotten. */
  public long lost() {
    return lost.sum();
  }
}
