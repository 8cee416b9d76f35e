package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.protocol.Messages;

/**
 * Opens transport messages in place (protocol 4.1 step 5). A message that is not authentic changes
 * no state at all.
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
    run.clear();
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        long ciphertext = batch.address() + batch.offset(i) + Messages.TRANSPORT_HEADER_BYTES;
        int length = batch.length(i) - Messages.TRANSPORT_HEADER_BYTES;
        run.add(ciphertext, ciphertext, length, batch.counter(i));
      }
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
