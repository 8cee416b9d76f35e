package io.wgnetty.peer;

import org.jspecify.annotations.Nullable;

/**
 * A packet that waits for a session. It stands in two lists: its peer's {@link StagedQueue} and the
 * shard's {@link StagedMemory}.
 */
public final class StagedPacket {
  /** What a packet takes beyond its bytes: this object, the array's header, alignment. */
  public static final int OVERHEAD_BYTES = 56;

  final Peer peer;
  final byte[] bytes;

  /** The next one of the same peer; the newest leads back to the oldest. */
  StagedPacket nextOfPeer = this;

  // Neighbours among all of the shard's packets.
  @Nullable StagedPacket older;
  @Nullable StagedPacket newer;

  StagedPacket(Peer peer, byte[] bytes) {
    this.peer = peer;
    this.bytes = bytes;
  }

  /** The memory it takes. */
  int heapBytes() {
    return OVERHEAD_BYTES + bytes.length;
  }
}
