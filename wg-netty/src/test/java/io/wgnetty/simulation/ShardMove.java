package io.wgnetty.simulation;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardInspection;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/** A shard's way to another object: configuration first, then what its peers have become. */
final class ShardMove {
  /** Small, so that there are several parts. */
  private static final int PART_BYTES = 1024;

  private final PeerShard old;
  private final AllowedIps<Peer> oldAllowedIps;
  private final NodeRules rules;
  private final ShardTransfer from;
  private final boolean wasUp;
  private final List<Boolean> interrupted = new ArrayList<>();
  private PeerShard fresh;
  private ShardTransfer to;

  ShardMove(PeerShard old, AllowedIps<Peer> oldAllowedIps, NodeRules rules) {
    this.old = old;
    this.oldAllowedIps = oldAllowedIps;
    this.rules = rules;
    this.from = new ShardTransfer(old);
    this.wasUp = old.isUp();
  }

  void suspend() {
    for (Peer peer : old.peers()) {
      interrupted.add(peer.hasHandshake() && ShardInspection.calls(peer));
    }
    from.suspend();
  }

  void restore(
      PeerShard other,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      Fault fault,
      long nowNs) {
    fresh = other;
    to = new ShardTransfer(other);
    for (Peer peer : old.peers()) {
      copyConfiguration(peer, directory, allowedIps, nowNs);
    }
    try (StateWriter out = new StateWriter()) {
      boolean more = true;
      while (more) {
        more = from.save(out, PART_BYTES);
        to.restore(new StateReader(copyOf(out.written())), nowNs);
        out.clear();
      }
    }
    if (fault == Fault.TELLS_COUNTERS_TOO_EARLY) {
      ShardInspection.setCountersBack(fresh);
    }
  }

  private void copyConfiguration(
      Peer peer, PeerDirectory directory, AllowedIps<Peer> allowedIps, long nowNs) {
    Peer copy = fresh.create(peer.publicKey());
    directory.add(copy);
    oldAllowedIps.prefixes(peer).forEach(prefix -> allowedIps.insert(prefix, copy));
    fresh.adopt(copy);
    copy.setPresharedKey(peer.presharedKey().copy());
    fresh.setKeepalive(copy, peer.keepaliveSeconds(), nowNs);
  }

  private static ByteBuffer copyOf(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes).flip();
  }

  /** The other begins, and the old one is never used again. */
  void begin(long nowNs) {
    for (int i = 0; i < interrupted.size(); i++) {
      rules.moved(old.peers().get(i), fresh.peers().get(i), interrupted.get(i));
    }
    ShardInspection.discard(old);
    if (wasUp) {
      to.begin(nowNs);
    }
  }

  /** The other is thrown away. */
  void resume(long nowNs) {
    ShardInspection.discard(fresh);
    for (int i = 0; i < interrupted.size(); i++) {
      if (interrupted.get(i)) {
        rules.spacingStartsAnew(old.peers().get(i));
      }
    }
    from.resume(nowNs);
  }
}
