package io.wgnetty.simulation;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardInspection;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A shard's way to another object: configuration first, then what does not change any more of its
 * sessions, while all goes on; at last what its peers have become.
 */
final class ShardMove {
  /** Small, so that there are several parts. */
  private static final int PART_BYTES = 1024;

  private final PeerShard old;
  private final AllowedIps<Peer> oldAllowedIps;
  private final NodeRules rules;
  private final LocalIdentity identity;
  private final List<Peer> peers;
  private final PeerShard fresh;
  private final ShardTransfer from;
  private final ShardTransfer to;
  private final List<Boolean> interrupted = new ArrayList<>();
  private boolean wasUp;

  /** What belongs to the other object. */
  final PeerDirectory directory;

  final AllowedIps<Peer> allowedIps = new AllowedIps<>();

  /**
   * Begins: the other object has the same peers, and knows the sessions that there are by now.
   *
   * @param fresh another shard, with this directory and without peers
   */
  ShardMove(
      PeerShard old,
      AllowedIps<Peer> oldAllowedIps,
      LocalIdentity identity,
      NodeRules rules,
      PeerShard fresh,
      PeerDirectory directory,
      long nowNs) {
    this.old = old;
    this.oldAllowedIps = oldAllowedIps;
    this.identity = identity;
    this.rules = rules;
    this.fresh = fresh;
    this.directory = directory;
    this.peers = List.copyOf(old.peers());
    this.from = new ShardTransfer(old);
    this.to = new ShardTransfer(fresh);
    fresh.setIdentity(identity);
    peers.forEach(this::addCopy);
    try (StateWriter out = new StateWriter()) {
      boolean more = true;
      while (more) {
        more = from.saveAhead(out, PART_BYTES);
        to.restoreAhead(new StateReader(copyOf(out.written())), nowNs);
        out.clear();
      }
    }
  }

  private void addCopy(Peer peer) {
    Peer copy = fresh.create(peer.publicKey());
    directory.add(copy);
    oldAllowedIps.prefixes(peer).forEach(prefix -> allowedIps.insert(prefix, copy));
    fresh.adopt(copy);
  }

  /**
   * Whether it may go on: nobody may change a node's configuration while another process takes its
   * place.
   */
  boolean isStillOf(PeerShard shard, LocalIdentity shardsIdentity) {
    return shard == old && shardsIdentity == identity && peers.equals(old.peers());
  }

  PeerShard fresh() {
    return fresh;
  }

  void suspend() {
    wasUp = old.isUp();
    for (Peer peer : old.peers()) {
      interrupted.add(peer.hasHandshake() && ShardInspection.calls(peer));
    }
    from.suspend();
  }

  void restore(Fault fault, long nowNs) {
    for (int i = 0; i < peers.size(); i++) {
      Peer copy = fresh.peers().get(i);
      copy.setPresharedKey(peers.get(i).presharedKey().copy());
      fresh.setKeepalive(copy, peers.get(i).keepaliveSeconds(), nowNs);
    }
    try (StateWriter out = new StateWriter()) {
      boolean more = true;
      while (more) {
        more = from.save(out, PART_BYTES);
        to.restore(new StateReader(copyOf(out.written())), nowNs);
        out.clear();
      }
    }
    to.requireAll();
    if (fault == Fault.TELLS_COUNTERS_TOO_EARLY) {
      ShardInspection.setCountersBack(fresh);
    }
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

  /** The other is thrown away before this one was suspended. */
  void discard() {
    ShardInspection.discard(fresh);
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
