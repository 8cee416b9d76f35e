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
 * @param intake the pair for what belongs to no loop; {@code null} if the kernel does not tell it
 *     from the rest: then the loops get that, too
 */
record SocketGroup(List<BoundPort> pairs, @Nullable BoundPort intake) {
  private static final Logger LOG = LoggerFactory.getLogger(SocketGroup.class);

  /** What comes in a fifth of a second when a whole fleet calls. */
  private static final int INTAKE_BYTES = 7 << 20;

  /**
   * Binds a pair for every owner, and one for what is nobody's; {@code port} 0 chooses any that is
   * free in both families.
   *
   * @param owners in the order of their shards
   * @throws IOException if the port is in use, or an option is refused
   */
  static SocketGroup bind(
      List<? extends SocketOwner> owners, SocketOwner intake, int port, UdpSettings settings)
      throws IOException {
    List<BoundPort> pairs = new ArrayList<>();
    BoundPort rest = null;
    try {
      for (SocketOwner owner : owners) {
        // Alone at first: a port that somebody else shares would otherwise be shared with us.
        pairs.add(
            pairs.isEmpty()
                ? BoundPort.bind(owner, port, settings)
                : join(pairs.getFirst(), owner, settings));
      }
      if (settings.steering()) {
        // The last of the group: the program knows it by its number.
        rest = join(pairs.getFirst(), intake, settings.withReceiveBytes(INTAKE_BYTES));
        if (!steer(pairs)) {
          rest.close();
          rest = null;
        }
      }
      return new SocketGroup(List.copyOf(pairs), rest);
    } catch (Throwable e) { // also when memory is short
      if (rest != null) {
        rest.close();
      }
      pairs.forEach(BoundPort::close);
      throw e;
    }
  }

  /**
   * Takes over a group that another process has bound, with the program that steers it.
   *
   * @param fds by the number of the shard, those of the intake last if there are any
   */
  static SocketGroup adopt(
      List<? extends SocketOwner> owners,
      SocketOwner intake,
      List<List<Integer>> fds,
      UdpSettings settings)
      throws IOException {
    List<BoundPort> pairs = new ArrayList<>();
    for (int i = 0; i < owners.size(); i++) {
      pairs.add(BoundPort.adopt(owners.get(i), fds.get(i), settings));
    }
    boolean hasIntake = fds.size() > owners.size();
    BoundPort rest = hasIntake ? BoundPort.adopt(intake, fds.getLast(), settings) : null;
    return new SocketGroup(List.copyOf(pairs), rest);
  }

  /** The descriptors of all, as {@link #adopt} takes them. */
  List<List<Integer>> fds() {
    return all().stream().map(BoundPort::fds).toList();
  }

  private static BoundPort join(BoundPort first, SocketOwner owner, UdpSettings settings)
      throws IOException {
    first.share();
    return BoundPort.bind(owner, first.port(), settings.withReusePort(true));
  }

  /**
   * Has the kernel bring each datagram to the owner of its session, and what has none to the last
   * socket; returns whether it will.
   */
  private static boolean steer(List<BoundPort> pairs) {
    var program = new SteeringProgram(ShardPlace.of(0, pairs.size()).bits(), pairs.size());
    BoundPort first = pairs.getFirst();
    UdpChannel v6 = first.v6();
    try {
      first.v4().socket().steer(program);
      if (v6 != null) {
        v6.socket().steer(program);
      }
      return true;
    } catch (IOException e) {
      // A program that is in force for one family leads there to a socket that does not exist:
      // then the kernel chooses.
      LOG.info("handshakes come in beside data, and loops hand over: {}", e.getMessage());
      return false;
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
      for (BoundPort pair : all()) {
        pair.setMark(fwmark);
      }
    } catch (IOException e) {
      restoreMark(before);
      throw e;
    }
  }

  private void restoreMark(int before) {
    for (BoundPort pair : all()) {
      try {
        pair.setMark(before);
      } catch (IOException e) {
        LOG.debug("a socket keeps the mark that it has: {}", e.getMessage());
      }
    }
  }

  /** Closes the sockets alone: their channels' loop does not answer. */
  void abandon() {
    all().forEach(BoundPort::abandon);
  }

  void close() {
    all().forEach(BoundPort::close);
  }

  private List<BoundPort> all() {
    List<BoundPort> all = new ArrayList<>(pairs);
    if (intake != null) {
      all.add(intake);
    }
    return all;
  }
}
