package io.wgnetty.peer;

import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * All packets of a shard that wait for sessions, in the order in which they came, and the memory
 * that they take together.
 *
 * <p>A peer's own limit does not bound the whole: packets to many peers that do not answer would
 * fill the heap. So there is a limit in bytes too, and beyond it the oldest packet of all gives way
 * ({@link Transport#stage}). Packets to a peer that answers wait for one round trip, so it is those
 * to peers that do not that are the oldest.
 */
public final class StagedMemory {
  private LongSupplier limitBytes = () -> Long.MAX_VALUE;
  private @Nullable StagedPacket oldest;
  private @Nullable StagedPacket newest;
  private int packets;
  private long bytes;

  /** Sets how much memory they may take, without a bound until then; asked for each packet. */
  public void limit(LongSupplier bytes) {
    limitBytes = bytes;
  }

  void add(StagedPacket packet) {
    packet.older = newest;
    if (newest == null) {
      oldest = packet;
    } else {
      newest.newer = packet;
    }
    newest = packet;
    packets++;
    bytes += packet.heapBytes();
  }

  void remove(StagedPacket packet) {
    if (packet.older == null) {
      oldest = packet.newer;
    } else {
      packet.older.newer = packet.newer;
    }
    if (packet.newer == null) {
      newest = packet.older;
    } else {
      packet.newer.older = packet.older;
    }
    packet.older = null;
    packet.newer = null;
    packets--;
    bytes -= packet.heapBytes();
  }

  /** The peer whose oldest packet has to go, since it is the oldest of all; null if none has to. */
  public @Nullable Peer overdrawnBy() {
    return oldest == null || bytes <= limitBytes.getAsLong() ? null : oldest.peer;
  }

  /** How many packets wait. */
  public int packets() {
    return packets;
  }

  /** The memory that they take. */
  public long bytes() {
    return bytes;
  }
}
