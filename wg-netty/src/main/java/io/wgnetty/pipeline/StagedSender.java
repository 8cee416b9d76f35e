package io.wgnetty.pipeline;

import io.wgnetty.peer.Peer;
import io.wgnetty.tun.PacketBatchPool;
import org.jspecify.annotations.Nullable;

/**
 * Where packets enter the outbound chain behind the routing, which they have passed already, and
 * before they get their counter: those that waited for a session, and those of other loops.
 */
public final class StagedSender extends ChainEntry {
  private final PacketBatchPool<TunnelBatch> pool;
  private boolean collecting;
  private @Nullable TunnelBatch collected;

  StagedSender(PacketBatchPool<TunnelBatch> pool) {
    this.pool = pool;
  }

  /** From here to {@link #sendCollected} what is sent goes together, whomever it goes to. */
  public void collect() {
    collecting = true;
  }

  public void sendCollected() {
    collecting = false;
    sendBatch();
  }

  /** Sends all that waits for this peer, oldest first. */
  public void send(Peer peer) {
    if (!isOpen()) {
      return;
    }
    // What is staged again meanwhile, for want of a session, must not keep this loop going.
    int remaining = peer.stagedPackets();
    while (remaining > 0) {
      TunnelBatch batch = collected == null ? pool.take() : collected;
      collected = batch;
      remaining -= fill(batch, peer, remaining);
      if (!collecting || !batch.hasRoom()) {
        sendBatch();
      }
    }
  }

  private void sendBatch() {
    TunnelBatch batch = collected;
    collected = null;
    if (batch != null) {
      enter(batch);
    }
  }

  private static int fill(TunnelBatch batch, Peer peer, int limit) {
    int taken = 0;
    while (taken < limit && batch.hasRoom()) {
      byte[] packet = peer.staged().poll();
      if (packet == null) {
        return limit;
      }
      batch.bytes().put(batch.nextOffset(), packet);
      int index = batch.add(packet.length);
      batch.setPeer(index, peer);
      taken++;
    }
    return taken;
  }
}
