package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Session;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.protocol.Messages;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatchPool;
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
  private final LoopExchange exchange;
  private final Handover handover;

  /** Answers to handshakes, apart from data: nothing of them has been verified yet. */
  private final Handover answers;

  /** The session of the packet before: datagrams come in runs of one sender. */
  private @Nullable Session last;

  MessageDecoder(
      PeerShard shard,
      HandshakeReceiver handshakes,
      NanoClock clock,
      LoopExchange exchange,
      PacketBatchPool<TunnelBatch> pool) {
    this.shard = shard;
    this.handshakes = handshakes;
    this.clock = clock;
    this.exchange = exchange;
    this.handover =
        new Handover(exchange, pool, shard, DropReason.DATAGRAM_OWNER_BUSY) {
          @Override
          boolean accepts(int owner, TunnelBatch batch) {
            return exchange.handInbound(owner, batch);
          }
        };
    this.answers =
        new Handover(exchange, pool, shard, DropReason.DATAGRAM_OWNER_BUSY) {
          @Override
          boolean accepts(int owner, TunnelBatch batch) {
            return exchange.handAnswers(owner, batch);
          }
        };
  }

  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
    long nowNs = clock.nowNs();
    shard.counters().networkBatches().count(batch.size());
    last = null; // sessions may have ended since the last batch
    for (int i = 0; i < batch.size(); i++) {
      int offset = batch.offset(i);
      int length = batch.length(i);
      // The three reserved bytes belong to the type word: not zero makes it unknown.
      int type = length < 4 ? 0 : Integer.reverseBytes(bytes.getInt(offset));
      if (type == Messages.TRANSPORT) {
        decodeTransport(batch, i, bytes, nowNs);
      } else if (!isForeignAnswer(batch, i, type)) {
        receiveHandshake(batch, i, nowNs);
      }
    }
    handover.flush();
    answers.flush();
  }

  private void receiveHandshake(TunnelBatch batch, int index, long nowNs) {
    byte[] message = new byte[Math.min(batch.length(index), Messages.INITIATION_BYTES + 1)];
    batch.bytes().get(batch.offset(index), message);
    DropReason refusal = handshakes.receive(message, batch.source(index), nowNs);
    if (refusal == null) {
      batch.finish(index);
    } else {
      batch.drop(index, refusal);
    }
  }

  /** Hands a response or cookie reply over to the loop whose handshake it answers. */
  private boolean isForeignAnswer(TunnelBatch batch, int index, int type) {
    int length = batch.length(index);
    // Exact lengths here already: what is no message at all is not worth a copy.
    int at = -1;
    if (type == Messages.RESPONSE && length == Messages.RESPONSE_BYTES) {
      at = Messages.RESPONSE_RECEIVER_OFFSET;
    } else if (type == Messages.COOKIE_REPLY && length == Messages.COOKIE_REPLY_BYTES) {
      at = Messages.COOKIE_REPLY_RECEIVER_OFFSET;
    }
    return at > 0
        && isForeign(
            batch,
            index,
            Integer.reverseBytes(batch.bytes().getInt(batch.offset(index) + at)),
            answers);
  }

  private void handOn(TunnelBatch batch, int index, int node) {
    DropReason refusal = exchange.handOn(batch, index, node);
    if (refusal == null) {
      batch.finish(index);
    } else {
      batch.drop(index, refusal);
    }
  }

  /** Hands a datagram over if its receiver index belongs to another loop, or to another node. */
  private boolean isForeign(TunnelBatch batch, int index, int receiverIndex, Handover way) {
    if (shard.isElsewhere(receiverIndex)) {
      handOn(batch, index, ShardPlace.nodeOf(receiverIndex));
      return true;
    }
    int owner = shard.owner(receiverIndex);
    if (owner == shard.number() || !way.knows(owner)) {
      return false;
    }
    way.collect(batch, index, owner);
    return true;
  }

  private void decodeTransport(TunnelBatch batch, int index, ByteBuffer bytes, long nowNs) {
    if (batch.length(index) < Messages.MIN_TRANSPORT_BYTES) {
      batch.drop(index, DropReason.MALFORMED_MESSAGE);
      return;
    }
    int offset = batch.offset(index);
    int receiverIndex = Integer.reverseBytes(bytes.getInt(offset + 4));
    Session session = session(receiverIndex);
    if (session == null) {
      if (!isForeign(batch, index, receiverIndex, handover)) {
        batch.drop(index, DropReason.UNKNOWN_INDEX);
      }
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
