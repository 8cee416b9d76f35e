package io.wgnetty.peer;

import org.jspecify.annotations.Nullable;

/**
 * Packets of one peer that wait for a session, oldest first (protocol 3.6). An empty packet is a
 * keepalive. Holds at most {@value #LIMIT} packets: what waits longest is worth least, so the
 * oldest gives way. The packets of all peers together are bounded by {@link StagedMemory}.
 */
public final class StagedQueue {
  /**
   * As many as the kernel's queue: about what one interactive user causes within a handshake's
   * time.
   */
  public static final int LIMIT = 128;

  private static final byte[] KEEPALIVE = new byte[0];

  private final Peer peer;
  private final StagedMemory memory;

  /** The newest, which leads to the oldest: most peers have nothing that waits. */
  private @Nullable StagedPacket newest;

  private int size;

  /** A queue whose packets {@code memory} knows. */
  public StagedQueue(Peer peer, StagedMemory memory) {
    this.peer = peer;
    this.memory = memory;
  }

  /** Adds a packet at the end; returns whether the oldest had to go for it. */
  public boolean add(byte[] bytes) {
    boolean full = size >= LIMIT;
    if (full) {
      poll();
    }
    StagedPacket packet = new StagedPacket(peer, bytes);
    if (newest != null) {
      packet.nextOfPeer = newest.nextOfPeer;
      newest.nextOfPeer = packet;
    }
    newest = packet;
    size++;
    memory.add(packet);
    return full;
  }

  /** Adds a keepalive if nothing else waits; packets that wait serve as one. */
  public void addKeepaliveIfEmpty() {
    if (isEmpty()) {
      add(KEEPALIVE);
    }
  }

  /** Takes the oldest packet. */
  public byte @Nullable [] poll() {
    if (newest == null) {
      return null;
    }
    StagedPacket oldest = newest.nextOfPeer;
    if (oldest == newest) {
      newest = null;
    } else {
      newest.nextOfPeer = oldest.nextOfPeer;
    }
    size--;
    memory.remove(oldest);
    return oldest.bytes;
  }

  public boolean isEmpty() {
    return size == 0;
  }

  public int size() {
    return size;
  }

  /** Throws everything away; returns how many packets that were. */
  public int purge() {
    int count = size;
    while (newest != null) {
      poll();
    }
    return count;
  }
}
