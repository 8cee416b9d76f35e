package io.wgnetty.pipeline;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.SleepingPeers;

/**
 * Chooses the peer of an outgoing packet by its destination (protocol 4.2 steps 2 and 3). Whoever
 * sends to nobody, or to a peer that is nowhere yet, is told so with an ICMP error, as the kernel
 * does. A packet to a peer that sleeps is kept while it is woken.
 */
final class PeerRouter extends BatchHandler {
  private final PeerLookup peers;
  private final PeerDirectory directory;
  private final UnreachableReporter unreachable;
  private final PacketCopies copies = new PacketCopies();

  PeerRouter(
      AllowedIps<Peer> allowedIps, PeerDirectory directory, UnreachableReporter unreachable) {
    this.peers = new PeerLookup(allowedIps);
    this.directory = directory;
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
      wake(batch, index);
    } else if (peer.endpoint() == null) {
      batch.setPeer(index, peer);
      refuse(batch, index, DropReason.NO_ENDPOINT);
    } else {
      batch.setPeer(index, peer);
    }
  }

  /** Nobody here has the destination; a peer that sleeps may. */
  private void wake(TunnelBatch batch, int index) {
    SleepingPeers sleepers = directory.sleepers();
    PublicKey key = PeerLookup.sleeper(sleepers, batch.bytes(), batch.offset(index));
    if (key == null) {
      refuse(batch, index, DropReason.NO_PEER);
    } else if (sleepers.wake(key, copies.of(batch, index))) {
      batch.finish(index);
    } else {
      refuse(batch, index, DropReason.PEER_ASLEEP);
    }
  }

  private void refuse(TunnelBatch batch, int index, DropReason reason) {
    unreachable.report(batch, index);
    batch.drop(index, reason);
  }
}
