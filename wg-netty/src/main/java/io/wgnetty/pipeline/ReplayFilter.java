package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;

/**
 * Lets every counter of a session through once (protocol 4.1 step 6). Stands behind authentication,
 * never before.
 */
final class ReplayFilter extends BatchHandler {
  @Override
  void process(TunnelBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isLive(i) && !batch.session(i).replayWindow().accept(batch.counter(i))) {
        batch.drop(i, DropReason.REPLAYED);
      }
    }
  }
}
