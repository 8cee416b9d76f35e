package io.wgnetty.pipeline;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadRun;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import io.wgnetty.protocol.Padding;
import java.nio.ByteBuffer;
import java.util.function.IntSupplier;

/**
 * Pads each packet, writes its header before it and seals it in place (protocol 4.2 steps 8 and 9).
 */
final class TransportEncryptor extends BatchHandler {
  private static final byte[] ZEROS = new byte[Padding.MULTIPLE];

  private final Aead aead;
  private final IntSupplier mtu;
  private final AeadRun run = new AeadRun(TunnelBatch.CAPACITY);

  /**
   * {@code mtu} is the interface's at this moment: padding never makes a packet larger than that.
   */
  TransportEncryptor(Aead aead, IntSupplier mtu) {
    this.aead = aead;
    this.mtu = mtu;
  }

  @Override
  void process(TunnelBatch batch) {
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      seal(batch, start, end);
      start = SessionRuns.start(batch, end);
    }
  }

  private void seal(TunnelBatch batch, int start, int end) {
    Session session = batch.session(start);
    int mtuBytes = mtu.getAsInt();
    run.clear();
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        int offset = batch.offset(i);
        int padded = pad(batch.bytes(), offset, batch.length(i), mtuBytes);
        long plaintext = batch.address() + offset;
        run.add(plaintext, plaintext, padded, batch.counter(i));
        int start0 = offset - Messages.TRANSPORT_HEADER_BYTES;
        writeHeader(batch.bytes(), start0, session.remoteIndex(), batch.counter(i));
        batch.setBounds(i, start0, padded + Messages.TRANSPORT_OVERHEAD_BYTES);
      }
    }
    aead.seal(session.sendKeyAddress(), run);
  }

  private static int pad(ByteBuffer bytes, int offset, int length, int mtuBytes) {
    int padded = Padding.paddedLength(length, mtuBytes);
    bytes.put(offset + length, ZEROS, 0, padded - length);
    return padded;
  }

  private static void writeHeader(ByteBuffer bytes, int offset, int remoteIndex, long counter) {
    bytes.putInt(offset, Integer.reverseBytes(Messages.TRANSPORT));
    bytes.putInt(offset + 4, Integer.reverseBytes(remoteIndex));
    bytes.putLong(offset + 8, Long.reverseBytes(counter));
  }
}
