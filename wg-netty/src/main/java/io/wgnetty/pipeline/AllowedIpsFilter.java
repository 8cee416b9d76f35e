package io.wgnetty.pipeline;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.inner.Ecn;
import io.wgnetty.inner.InnerPacket;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Lets an inner packet through if its source address belongs to the very peer that encrypted it
 * (protocol 4.1 steps 12 to 16), brings the outer congestion mark into it, and cuts the padding
 * off.
 */
final class AllowedIpsFilter extends BatchHandler {
  private final PeerLookup peers;
  private final ShardCounters counters;

  AllowedIpsFilter(AllowedIps<Peer> allowedIps, ShardCounters counters) {
    this.peers = new PeerLookup(allowedIps);
    this.counters = counters;
  }

  /** Counts once for neighbours of one peer: its counts are read by other threads. */
  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
    peers.begin();
    Peer sender = null;
    int packets = 0;
    long accepted = 0;
    for (int i = 0; i < batch.size(); i++) {
      if (!batch.isLive(i)) {
        continue;
      }
      Peer next = batch.session(i).peer();
      if (next != sender) {
        count(sender, packets, accepted);
        sender = next;
        packets = 0;
        accepted = 0;
      }
      int datagramBytes = filter(batch, i, next, bytes);
      if (datagramBytes > 0) {
        packets++;
        accepted += datagramBytes;
      }
    }
    count(sender, packets, accepted);
  }

  private void count(@Nullable Peer sender, int packets, long bytes) {
    if (sender != null && packets > 0) {
      sender.countReceived(packets, bytes);
      counters.countIn(packets, bytes);
    }
  }

  /** Returns the bytes of the datagram that brought the packet; 0 if the packet is dropped. */
  private int filter(TunnelBatch batch, int index, Peer sender, ByteBuffer bytes) {
    int offset = batch.offset(index);
    int plaintextLength = batch.length(index);
    int length = InnerPacket.length(bytes, offset, plaintextLength);
    if (length < 0) {
      boolean lengthIsWrong = length == InnerPacket.BAD_LENGTH;
      batch.drop(index, lengthIsWrong ? DropReason.INNER_LENGTH : DropReason.INNER_NOT_IP);
      return 0;
    }
    if (peers.bySource(bytes, offset) != sender) {
      batch.drop(index, DropReason.WRONG_SOURCE);
      return 0;
    }
    Ecn.decapsulate(bytes, offset, batch.trafficClass(index));
    batch.setBounds(index, offset, length);
    return plaintextLength + Messages.TRANSPORT_OVERHEAD_BYTES;
  }
}
