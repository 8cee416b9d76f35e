package io.wgnetty.peer;

import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/**
 * Packets of one peer that wait for a session, oldest first (protocol 3.6). An empty packet is a
 * keepalive. Holds at most {@value #LIMIT} packets: what waits longest is worth least, so the
 * oldest gives way.
 */
public final class StagedQueue {
  /**
   * As many as the kernel's queue: about what one interactive user causes within a handshake's
   * time.
   */
  public static final int LIMIT = 128;

  private static final byte[] KEEPALIVE = new byte[0];

  // Peers that have a session, or none to wait for, carry no queue.
  private @Nullable ArrayDeque<byte[]> packets;
  private final ShardCounters counters;

  /** {@code counters} know how many packets wait in all queues of the shard. */
  StagedQueue(ShardCounters counters) {
    this.counters = counters;
  }

  /** Adds a packet at the end; returns whether the oldest had to go for it. */
  boolean add(byte[] packet) {
    if (packets == null) {
      packets = new ArrayDeque<>(2);
    }
    boolean full = packets.size() >= LIMIT;
    if (full) {
      packets.removeFirst();
    } else {
      counters.changeStaged(1);
    }
    packets.addLast(packet);
    return full;
  }

  /** Adds a keepalive if nothing else waits; packets that wait serve as one. */
  void addKeepaliveIfEmpty() {
    if (isEmpty()) {
      add(KEEPALIVE);
    }
  }

  /** Takes the oldest packet. */
  public byte @Nullable [] poll() {
    if (packets == null) {
      return null;
    }
    byte[] packet = packets.pollFirst();
    if (packet == null) {
      packets = null;
    } else {
      counters.changeStaged(-1);
    }
    return packet;
  }

  public boolean isEmpty() {
    return packets == null || packets.isEmpty();
  }

  public int size() {
    return packets == null ? 0 : packets.size();
  }

  /** Throws everything away; returns how many packets that were. */
  int purge() {
    int count = size();
    counters.changeStaged(-count);
    packets = null;
    return count;
  }
}
