package io.wgnetty.memory;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.PeerTrace;
import java.util.List;

/**
 * What a file says of an interface's peers.
 *
 * @param own the interface's public key
 * @param writtenEpochNs when, in nanoseconds since 1970
 */
record PeerRecords(PublicKey own, long writtenEpochNs, List<PeerTrace> peers) {
  PeerRecords {
    peers = List.copyOf(peers);
  }
}
