package io.wgnetty.pipeline;

import io.wgnetty.peer.AllowedIps;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.ShardCounters;
import io.wgnetty.protocol.Ecn;
import io.wgnetty.protocol.InnerPacket;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;

/**
 * Lets an inner packet through if its source address belongs to the very peer that encrypted it
 * (protocol 4.1 steps 12 to 16), brings the outer congestion mark into it, and cuts the padding
 * off.
 */
final class AllowedIpsFilter extends BatchHandler {
  private final PeerLookup peers;
  private final ShardCounters counters;

  /** Of the run of one peer's packets that is being looked at: what was let through. */
  private int runPackets;

  private long runBytes;

  AllowedIpsFilter(AllowedIps<Peer> allowedIps, ShardCounters counters) {
    this.peers = new PeerLookup(allowedIps);
    this.counters = counters;
  }

  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
    peers.begin();
    int start = SessionRuns.start(batch, 0);
    while (start < batch.size()) {
      int end = SessionRuns.end(batch, start);
      filterRun(batch, start, end, bytes);
      start = SessionRuns.start(batch, end);
    }
  }

  /** Counts once for a run: the peer's counts are read by other threads. */
  private void filterRun(TunnelBatch batch, int start, int end, ByteBuffer bytes) {
    Peer sender = batch.session(start).peer();
    runPackets = 0;
    runBytes = 0;
    for (int i = start; i < end; i++) {
      if (batch.isLive(i)) {
        filter(batch, i, sender, bytes);
      }
    }
    if (runPackets > 0) {
      sender.countReceived(runPackets, runBytes);
      counters.countIn(runPackets, runBytes);
    }
  }

  private void filter(TunnelBatch batch, int index, Peer sender, ByteBuffer bytes) {
    int offset = batch.offset(index);
    int plaintextLength = batch.length(index);
    int length = InnerPacket.length(bytes, offset, plaintextLength);
    if (length < 0) {
      boolean lengthIsWrong = length == InnerPacket.BAD_LENGTH;
      batch.drop(index, lengthIsWrong ? DropReason.INNER_LENGTH : DropReason.INNER_NOT_IP);
      return;
    }
    if (peers.bySource(bytes, offset) != sender) {
      batch.drop(index, DropReason.WRONG_SOURCE);
      return;
    }
    Ecn.decapsulate(bytes, offset, batch.trafficClass(index));
    runPackets++;
    runBytes += plaintextLength + Messages.TRANSPORT_OVERHEAD_BYTES;
    batch.setBounds(index, offset, length);
  }
}
