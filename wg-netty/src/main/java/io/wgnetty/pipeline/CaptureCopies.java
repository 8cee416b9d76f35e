package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;
import java.nio.ByteBuffer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Copies the packets of one chain that a capture wants, as far as its queue has room. */
final class CaptureCopies implements LostPackets {
  private final CaptureQueue queue;
  private final CaptureFilter filter;
  private final boolean outbound;
  private final LongSupplier epochNs;

  /**
   * @param outbound which chain it is
   * @param epochNs the time of day, in nanoseconds since 1970
   */
  CaptureCopies(CaptureQueue queue, CaptureFilter filter, boolean outbound, LongSupplier epochNs) {
    this.queue = queue;
    this.filter = filter;
    this.outbound = outbound;
    this.epochNs = epochNs;
  }

  /** The time that is written on packets. */
  long nowNs() {
    return epochNs.getAsLong();
  }

  @Override
  public void lost(byte[] packet, DropReason reason, Peer peer) {
    copy(ByteBuffer.wrap(packet), 0, packet.length, reason, peer, nowNs());
  }

  /**
   * One packet, if it is wanted.
   *
   * @param length how long it was; the bytes are still there
   * @param reason why it goes no further, if it does not
   */
  void copy(
      ByteBuffer bytes,
      int offset,
      int length,
      @Nullable DropReason reason,
      @Nullable Peer peer,
      long nowNs) {
    if (!filter.wants(peer, reason)) {
      return;
    }
    int kept = Math.min(length, filter.snapBytes());
    if (!queue.reserve(kept)) {
      return;
    }
    byte[] copy = new byte[kept];
    bytes.get(offset, copy);
    queue.add(
        new CapturedPacket(
            nowNs, outbound, reason, peer == null ? null : peer.publicKey(), length, copy));
  }
}
