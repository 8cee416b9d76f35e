package io.wgnetty.pipeline;

import io.wgnetty.peer.AllowedIps;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.Peer;
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

  AllowedIpsFilter(AllowedIps<Peer> allowedIps) {
    this.peers = new PeerLookup(allowedIps);
  }

  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
    peers.begin();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isLive(i)) {
        filter(batch, i, bytes);
      }
    }
  }

  private void filter(TunnelBatch batch, int index, ByteBuffer bytes) {
    int offset = batch.offset(index);
    int plaintextLength = batch.length(index);
    int length = InnerPacket.length(bytes, offset, plaintextLength);
    if (length < 0) {
      boolean lengthIsWrong = length == InnerPacket.BAD_LENGTH;
      batch.drop(index, lengthIsWrong ? DropReason.INNER_LENGTH : DropReason.INNER_NOT_IP);
      return;
    }
    Peer sender = batch.session(index).peer();
    if (peers.bySource(bytes, offset) != sender) {
      batch.drop(index, DropReason.WRONG_SOURCE);
      return;
    }
    Ecn.decapsulate(bytes, offset, batch.trafficClass(index));
    sender.countReceived(plaintextLength + Messages.TRANSPORT_OVERHEAD_BYTES);
    batch.setBounds(index, offset, length);
  }
}
