package io.wgnetty.device;

import io.wgnetty.peer.ShardTables;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunException;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * How many peers each loop has. For the threads that control the interface, one at a time.
 *
 * <p>The kernel brings no packets to the queue of a loop that has never had a peer: such a loop
 * could only hand them over to another. What we write to a queue ties its flow to it, but for three
 * seconds only, and what goes one way alone is tied to none. A queue is not detached again when its
 * loop's last peer goes, because what waits in it would be lost.
 */
final class DealtPeers {
  private static final Logger LOGGER = Logger.getLogger(DealtPeers.class.getName());

  private final List<DataLoop> loops;
  private final int[] peers;

  DealtPeers(List<DataLoop> loops, int count) {
    this.loops = loops;
    this.peers = new int[count];
  }

  /** The loop for a new peer: the first of those with the fewest. {@link #leaves} undoes it. */
  DataLoop forNewPeer() {
    int fewest = 0;
    for (int i = 1; i < peers.length; i++) {
      if (peers[i] < peers[fewest]) {
        fewest = i;
      }
    }
    joins(fewest);
    return loops.get(fewest);
  }

  /** A peer is this loop's. */
  void joins(int number) {
    if (peers[number]++ == 0) {
      wake(loops.get(number).tun().device());
    }
  }

  /** A peer that was dealt to this shard's loop is a peer no more. */
  void leaves(ShardTables shard) {
    peers[shard.number()]--;
  }

  /**
   * The kernel is to bring no packets to a loop's queue until it has peers. But it does to that of
   * the first loop, which answers for what belongs to nobody. Where it cannot be, packets are
   * handed over.
   */
  static void rest(TunDevice queue, int number) {
    try {
      if (number > 0) {
        queue.detach();
      }
    } catch (TunException e) {
      LOGGER.log(Level.FINE, "loops without peers have to hand packets over", e);
    }
  }

  private static void wake(TunDevice queue) {
    try {
      queue.attach();
    } catch (TunException e) {
      LOGGER.log(Level.FINE, "other loops have to hand packets over to this one", e);
    }
  }
}
