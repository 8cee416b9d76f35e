package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.ReplayWindow;

/**
 * Opens transport messages in place (protocol 4.1 step 5). A message that is not authentic changes
 * no state at all.
 *
 * <p>What the replay window has refused for ever is not opened: a flood of recorded messages costs
 * a look each. Whether a counter is new is decided behind this, by the {@link ReplayFilter}.
 */
final class TransportDecryptor extends BatchHandler {
  private final Aead aead;
  private final AeadRun run = new AeadRun(TunnelBatch.CAPACITY);

  TransportDecryptor(Aead aead) {
    this.aead = aead;
  }

  @Override
  void process(TunnelBatch batch) {
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      open(batch, start, end);
      start = SessionRuns.start(batch, end);
    }
  }

  private void open(TunnelBatch batch, int start, int end) {
    ReplayWindow window = batch.session(start).replayWindow();
    run.clear();
    for (int i = start; i < end; i++) {
      if (!batch.isLive(i)) {
        continue;
      }
      if (!window.wouldAccept(batch.counter(i))) {
        batch.drop(i, DropReason.REPLAYED);
      } else {
        long ciphertext = batch.address() + batch.offset(i) + Messages.TRANSPORT_HEADER_BYTES;
        int length = batch.length(i) - Messages.TRANSPORT_HEADER_BYTES;
        run.add(ciphertext, ciphertext, length, batch.counter(i));
      }
    }
    if (run.size() == 0) {
      return;
    }
    aead.open(batch.session(start).receiveKeyAddress(), run);
    int next = 0;
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        if (run.verified(next++)) {
          batch.setBounds(
              i,
              batch.offset(i) + Messages.TRANSPORT_HEADER_BYTES,
              batch.length(i) - Messages.TRANSPORT_OVERHEAD_BYTES);
        } else {
          batch.drop(i, DropReason.NOT_AUTHENTIC);
        }
      }
    }
  }
}
