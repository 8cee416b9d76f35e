package io.wgnetty.pipeline;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;

/**
 * Chooses the peer of an outgoing packet by its destination (protocol 4.2 steps 2 and 3). Whoever
 * sends to nobody, or to a peer that is nowhere yet, is told so with an ICMP error, as the kernel
 * does.
 */
final class PeerRouter extends BatchHandler {
  private final PeerLookup peers;
  private final UnreachableReporter unreachable;

  PeerRouter(AllowedIps<Peer> allowedIps, UnreachableReporter unreachable) {
    this.peers = new PeerLookup(allowedIps);
    this.unreachable = unreachable;
  }

  @Override
  void process(TunnelBatch batch) {
    peers.begin();
    for (int i = 0; i < batch.size(); i++) {
      if (batch.isLive(i)) {
        route(batch, i);
      }
    }
    unreachable.flush();
  }

  private void route(TunnelBatch batch, int index) {
    Peer peer = peers.byDestination(batch.bytes(), batch.offset(index));
    if (peer == null) {
      refuse(batch, index, DropReason.NO_PEER);
    } else if (peer.endpoint() == null) {
      batch.setPeer(index, peer);
      refuse(batch, index, DropReason.NO_ENDPOINT);
    } else {
      batch.setPeer(index, peer);
    }
  }

  private void refuse(TunnelBatch batch, int index, DropReason reason) {
    unreachable.report(batch, index);
    batch.drop(index, reason);
  }
}
