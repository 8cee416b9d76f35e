package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.protocol.ReplayWindow;

/**
 * Opens transport messages in place (protocol 4.1 step 5): see {@link Opener}. A message that is
 * not authentic changes no state at all.
 *
 * <p>What the replay window has refused for ever is not opened: a flood of recorded messages costs
 * a look each. Whether a counter is new is decided behind this, by the {@link ReplayFilter}.
 */
final class TransportDecryptor extends BatchHandler {
  private final Opener opener;

  TransportDecryptor(Opener opener) {
    this.opener = opener;
  }

  @Override
  void process(TunnelBatch batch) {
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      dropReplays(batch, start, end);
      opener.open(batch, start, end);
      start = SessionRuns.start(batch, end);
    }
  }

  private static void dropReplays(TunnelBatch batch, int start, int end) {
    ReplayWindow window = batch.session(start).replayWindow();
    for (int i = start; i < end; i++) {
      if (batch.isLive(i) && !window.wouldAccept(batch.counter(i))) {
        batch.drop(i, DropReason.REPLAYED);
      }
    }
  }
}
