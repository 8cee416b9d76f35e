package io.wgnetty.device;

import io.wgnetty.peer.ShardPlace;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.udp.SteeringProgram;
import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The sockets of an interface: each loop has a pair, and all are bound to one port.
 *
 * @param pairs by the number of the loop's shard
 */
record SocketGroup(List<BoundPort> pairs) {
  private static final Logger LOG = LoggerFactory.getLogger(SocketGroup.class);

  /**
   * Binds a pair for every owner; {@code port} 0 chooses any that is free in both families.
   *
   * @param owners in the order of their shards
   * @throws IOException if the port is in use, or an option is refused
   */
  static SocketGroup bind(List<? extends SocketOwner> owners, int port, UdpSettings settings)
      throws IOException {
    List<BoundPort> pairs = new ArrayList<>();
    try {
      for (SocketOwner owner : owners) {
        if (pairs.isEmpty()) {
          // Alone at first: a port that somebody else shares would otherwise be shared with us.
          pairs.add(BoundPort.bind(owner, port, settings));
        } else {
          pairs.getFirst().share();
          pairs.add(BoundPort.bind(owner, pairs.getFirst().port(), settings.withReusePort(true)));
        }
      }
      SocketGroup group = new SocketGroup(List.copyOf(pairs));
      group.steer();
      return group;
    } catch (Throwable e) { // also when memory is short
      pairs.forEach(BoundPort::close);
      throw e;
    }
  }

  /** Has the kernel bring each datagram to the owner of its session, if there are several. */
  private void steer() {
    if (pairs.size() > 1) {
      var program = new SteeringProgram(ShardPlace.of(0, pairs.size()).bits());
      steer(pairs.getFirst().v4(), program);
      steer(pairs.getFirst().v6(), program);
    }
  }

  private static void steer(@Nullable UdpChannel channel, SteeringProgram program) {
    try {
      if (channel != null) {
        channel.socket().steer(program);
      }
    } catch (IOException e) {
      LOG.info("datagrams are handed over between loops, not steered: {}", e.getMessage());
    }
  }

  /** The port that all are bound to. */
  int port() {
    return pairs.getFirst().port();
  }

  /** The pair of the loop with this shard. */
  BoundPort of(PeerShard shard) {
    return pairs.get(shard.number());
  }

  /**
   * Sets the mark of what is sent from now on; 0 is none.
   *
   * @param before the mark that all have again if one of them refuses the new one
   */
  void setMark(int fwmark, int before) throws IOException {
    try {
      for (BoundPort pair : pairs) {
        pair.setMark(fwmark);
      }
    } catch (IOException e) {
      restoreMark(before);
      throw e;
    }
  }

  private void restoreMark(int before) {
    for (BoundPort pair : pairs) {
      try {
        pair.setMark(before);
      } catch (IOException e) {
        LOG.debug("a socket keeps the mark that it has: {}", e.getMessage());
      }
    }
  }

  /** Closes the sockets alone: their channels' loop does not answer. */
  void abandon() {
    pairs.forEach(BoundPort::abandon);
  }

  void close() {
    pairs.forEach(BoundPort::close);
  }
}
