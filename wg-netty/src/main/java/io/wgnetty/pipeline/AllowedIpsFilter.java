package io.wgnetty.pipeline;

import io.wgnetty.peer.AllowedIps;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.protocol.InnerPacket;
import io.wgnetty.protocol.Messages;
import java.nio.ByteBuffer;

/**
 * Lets an inner packet through if its source address belongs to the very peer that encrypted it
 * (protocol 4.1 steps 12 to 16), and cuts the padding off.
 */
final class AllowedIpsFilter extends BatchHandler {
  private final AllowedIps<Peer> allowedIps;

  AllowedIpsFilter(AllowedIps<Peer> allowedIps) {
    this.allowedIps = allowedIps;
  }

  @Override
  void process(TunnelBatch batch) {
    ByteBuffer bytes = batch.bytes();
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
    Peer owner =
        InnerPacket.isIpv6(bytes, offset)
            ? allowedIps.lookupV6(
                InnerPacket.sourceHigh(bytes, offset), InnerPacket.sourceLow(bytes, offset))
            : allowedIps.lookupV4(InnerPacket.sourceV4(bytes, offset));
    if (owner != sender) {
      batch.drop(index, DropReason.WRONG_SOURCE);
      return;
    }
    sender.countReceived(plaintextLength + Messages.TRANSPORT_OVERHEAD_BYTES);
    batch.setBounds(index, offset, length);
  }
}
