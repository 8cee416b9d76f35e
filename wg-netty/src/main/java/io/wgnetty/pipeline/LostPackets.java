package io.wgnetty.pipeline;

import io.wgnetty.counters.DropReason;
import io.wgnetty.peer.Peer;

/** Is shown packets that a stage drops outside of a batch, where no later stage sees them. */
@FunctionalInterface
interface LostPackets {
  /** Nobody looks. */
  LostPackets UNSEEN = (packet, reason, peer) -> {};

  void lost(byte[] packet, DropReason reason, Peer peer);
}
