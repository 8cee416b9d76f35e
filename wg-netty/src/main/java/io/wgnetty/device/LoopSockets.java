package io.wgnetty.device;

import io.wgnetty.udp.UdpChannel;
import java.util.ArrayList;
import java.util.List;

/** A loop's sockets, those that are open, and what those did that are closed. */
final class LoopSockets {
  private final List<UdpChannel> open = new ArrayList<>();
  private UdpCounts closed = UdpCounts.NONE;

  /** A socket is made, and has counted nothing yet. */
  void opened(UdpChannel socket) {
    open.add(socket);
  }

  void closed(UdpChannel socket) {
    if (open.remove(socket)) {
      closed = closed.plus(UdpCounts.of(socket));
    }
  }

  /** What all of them did so far. */
  UdpCounts counts() {
    UdpCounts counts = closed;
    for (UdpChannel socket : open) {
      counts = counts.plus(UdpCounts.of(socket));
    }
    return counts;
  }

  /** Messages that wait for room in the open ones. */
  int pendingMessages() {
    return open.stream().mapToInt(UdpChannel::pendingMessages).sum();
  }

  /** The bytes of these messages. */
  int pendingBytes() {
    return open.stream().mapToInt(UdpChannel::pendingBytes).sum();
  }
}
