package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;

/**
 * Stands in a chain while there is a capture, behind the stages that drop packets: copies those
 * that are wanted.
 */
final class CaptureTap extends BatchHandler {
  private final CaptureMark mark;
  private final CaptureMark lateMark;
  private final CaptureCopies copies;

  /**
   * @param mark at the chain's beginning
   * @param lateMark where packets have come to that waited
   */
  CaptureTap(CaptureMark mark, CaptureMark lateMark, CaptureCopies copies) {
    this.mark = mark;
    this.lateMark = lateMark;
    this.copies = copies;
  }

  @Override
  void process(TunnelBatch batch) {
    long nowNs = copies.nowNs();
    for (int i = 0; i < batch.size(); i++) {
      DropReason reason = batch.reason(i);
      int length = reason == null ? batch.length(i) : lengthBefore(batch, i);
      if (length > 0) {
        copies.copy(batch.bytes(), batch.offset(i), length, reason, batch.knownPeer(i), nowNs);
      }
    }
  }

  /** The later mark knows best, but not of those that were dropped before it. */
  private int lengthBefore(TunnelBatch batch, int index) {
    int late = lateMark.length(batch, index);
    return late > 0 ? late : mark.length(batch, index);
  }
}
