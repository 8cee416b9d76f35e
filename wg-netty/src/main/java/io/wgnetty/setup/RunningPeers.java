package io.wgnetty.setup;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerSnapshot;
import java.util.List;

/** Walks through the peers of a device, a bounded number at a time. */
final class RunningPeers {
  /** Each call waits for the event loops; a longer one would keep them from packets. */
  static final int PER_CALL = 512;

  /** What is done with a peer; whoever does not keep its pre-shared key wipes it. */
  @FunctionalInterface
  interface Visitor {
    void visit(PeerSnapshot peer) throws SetupException, InterruptedException;
  }

  private RunningPeers() {}

  /** Visits each of these that is there. */
  static void visit(DeviceControl device, List<PublicKey> keys, Visitor visitor)
      throws SetupException, InterruptedException {
    for (int i = 0; i < keys.size(); i += PER_CALL) {
      List<PublicKey> part = keys.subList(i, Math.min(keys.size(), i + PER_CALL));
      for (PeerSnapshot peer : device.snapshots(part)) {
        visitor.visit(peer);
      }
    }
  }
}
