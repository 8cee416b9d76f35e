package io.wgnetty.pipeline;

import io.wgnetty.peer.Peer;
import io.wgnetty.tun.PacketBatchPool;

/**
 * Where packets enter the outbound chain behind the routing, which they have passed already, and
 * before they get their counter: those that waited for a session, and those of other loops.
 */
public final class StagedSender extends ChainEntry {
  private final PacketBatchPool<TunnelBatch> pool;

  StagedSender(PacketBatchPool<TunnelBatch> pool) {
    this.pool = pool;
  }

  /** Sends all that waits for this peer, oldest first. */
  public void send(Peer peer) {
    if (!isOpen()) {
      return;
    }
    // What is staged again meanwhile, for want of a session, must not keep this loop going.
    int remaining = peer.stagedPackets();
    while (remaining > 0) {
      TunnelBatch batch = pool.take();
      remaining -= fill(batch, peer, remaining);
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
