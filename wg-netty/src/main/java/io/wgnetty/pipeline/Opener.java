package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.protocol.Messages;

/**
 * Opens transport messages in place (protocol 4.1 step 5). Changes nothing but the batch: what is
 * not authentic is dropped there.
 *
 * <p>Belongs to one thread, as its cipher does.
 */
final class Opener {
  private final Aead aead;
  private final AeadRun run = new AeadRun(TunnelBatch.CAPACITY);

  Opener(Aead aead) {
    this.aead = aead;
  }

  /** Opens the live messages of a batch from {@code start} up to {@code end}, of one session. */
  void open(TunnelBatch batch, int start, int end) {
    run.clear();
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
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
