package io.wgnetty.device;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The sockets of an interface: each loop has a pair, and all are bound to one port.
 *
 * @param pairs by the number of the loop's shard
 */
record SocketGroup(List<BoundPort> pairs) {

  /**
   * Binds a pair for every loop; {@code port} 0 chooses any that is free in both families.
   *
   * @throws IOException if the port is in use, or the mark is refused
   */
  static SocketGroup bind(List<DataLoop> loops, int port, int fwmark) throws IOException {
    List<BoundPort> pairs = new ArrayList<>();
    try {
      for (DataLoop loop : loops) {
        int wanted = pairs.isEmpty() ? port : pairs.getFirst().port();
        pairs.add(BoundPort.bind(loop.eventLoop(), wanted, fwmark, loop::prepare));
      }
      return new SocketGroup(List.copyOf(pairs));
    } catch (IOException e) {
      pairs.forEach(BoundPort::close);
      throw e;
    }
  }

  /** The port that all are bound to. */
  int port() {
    return pairs.getFirst().port();
  }

  /** The pair of a loop. */
  BoundPort of(DataLoop loop) {
    return pairs.get(loop.shard().number());
  }

  /** Sets the mark of what is sent from now on; 0 is none. */
  void setMark(int fwmark) throws IOException {
    for (BoundPort pair : pairs) {
      pair.setMark(fwmark);
    }
  }

  void close() {
    pairs.forEach(BoundPort::close);
  }
}
