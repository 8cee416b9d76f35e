package io.wgnetty.pipeline;

import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.peer.Session;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Tells messages apart (protocol 4.1 steps 1 to 4): finds the session of transport messages, and
 * hands handshake messages to the {@link HandshakeReceiver}, where they leave the chain.
 */
final class MessageDecoder extends BatchHandler {
  private final PeerShard shard;
  private final HandshakeReceiver handshakes;
  private final NanoClock clock;

  /** The session of the packet before: datagrams come in runs of one sender. */
  private @Nullable Session last;

  MessageDecoder(PeerShard shard, HandshakeReceiver handshakes, NanoClock clock) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.clock = clock;
  }

  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
    long nowNs = clock.nowNs();
    last = null; // sessions may have ended since the last batch
    for (int i = 0; i < batch.size(); i++) {
      int offset = batch.offset(i);
      int length = batch.length(i);
      // The three reserved bytes belong to the type word: not zero makes it unknown.
      int type = length < 4 ? 0 : Integer.reverseBytes(bytes.getInt(offset));
      if (type == Messages.TRANSPORT) {
        decodeTransport(batch, i, bytes, nowNs);
      } else {
        byte[] message = new byte[Math.min(length, Messages.INITIATION_BYTES + 1)];
        bytes.get(offset, message);
        DropReason refusal = handshakes.receive(message, batch.source(i), nowNs);
        if (refusal == null) {
          batch.finish(i);
        } else {
          batch.drop(i, refusal);
        }
      }
    }
  }

  private void decodeTransport(TunnelBatch batch, int index, ByteBuffer bytes, long nowNs) {
    if (batch.length(index) < Messages.MIN_TRANSPORT_BYTES) {
      batch.drop(index, DropReason.MALFORMED_MESSAGE);
      return;
    }
    int offset = batch.offset(index);
    Session session = session(Integer.reverseBytes(bytes.getInt(offset + 4)));
    if (session == null) {
      batch.drop(index, DropReason.UNKNOWN_INDEX);
      return;
    }
    long counter = Long.reverseBytes(bytes.getLong(offset + 8));
    boolean counterIsValid = Long.compareUnsigned(counter, Session.REJECT_AFTER_MESSAGES) < 0;
    if (!session.mayReceive(nowNs) || !counterIsValid) {
      batch.drop(index, DropReason.SESSION_EXPIRED);
      return;
    }
    batch.setSession(index, session, counter);
  }

  private @Nullable Session session(int receiverIndex) {
    Session known = last;
    if (known == null || known.localIndex() != receiverIndex) {
      known = shard.session(receiverIndex);
      last = known;
    }
    return known;
  }
}
