package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.tun.PacketBatchPool;
import org.jspecify.annotations.Nullable;

/**
 * Collects the packets of a batch that belong to other loops, a batch for each, and hands them
 * over: one wake-up for many packets.
 */
abstract class Handover {
  private final PacketBatchPool<TunnelBatch> pool;
  private final PeerShard shard;
  private final DropReason ownerBusy;
  private final @Nullable TunnelBatch[] collected;
  private boolean empty = true;

  Handover(
      LoopExchange exchange,
      PacketBatchPool<TunnelBatch> pool,
      PeerShard shard,
      DropReason ownerBusy) {
    this.pool = pool;
    this.shard = shard;
    this.ownerBusy = ownerBusy;
    this.collected = new @Nullable TunnelBatch[exchange.loops()];
  }

  /** Whether there is such a loop. */
  final boolean knows(int owner) {
    return owner < collected.length;
  }

  /** Copies a packet for its owner; here it has reached its end. */
  final void collect(TunnelBatch batch, int index, int owner) {
    TunnelBatch target = collected[owner];
    if (target != null && !target.hasRoom(batch.length(index))) {
      hand(owner, target);
      target = null;
    }
    if (target == null) {
      target = pool.take();
      collected[owner] = target;
      empty = false;
    }
    target.addCopy(batch, index);
    batch.finish(index);
  }

  /** Hands over what was collected. */
  final void flush() {
    if (empty) {
      return;
    }
    empty = true;
    for (int owner = 0; owner < collected.length; owner++) {
      TunnelBatch batch = collected[owner];
      if (batch != null) {
        collected[owner] = null;
        hand(owner, batch);
      }
    }
  }

  /** Gives a whole batch away, or drops it: the other loop is behind already. */
  final void hand(int owner, TunnelBatch batch) {
    if (!accepts(owner, batch)) {
      for (int i = 0; i < batch.size(); i++) {
        if (batch.isLive(i)) {
          batch.drop(i, ownerBusy);
        }
      }
      batch.countDrops(shard);
      batch.release();
    }
  }

  /** Offers the batch to its owner. */
  abstract boolean accepts(int owner, TunnelBatch batch);
}
