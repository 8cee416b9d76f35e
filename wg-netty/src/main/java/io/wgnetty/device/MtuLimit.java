package io.wgnetty.device;

import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.protocol.Messages;
import io.wgnetty.tun.LinkState;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.tun.TunException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an interface's MTU within what one datagram carries. The kernel allows more, and the
 * longest packets would then be lost without a word: set back, it tells their senders itself.
 */
final class MtuLimit {
  private static final Logger LOG = LoggerFactory.getLogger(MtuLimit.class);

  /** A packet and what is around it fit into a UDP datagram over IPv4 (protocol 8.3). */
  static final int LARGEST = DatagramBatch.MAX_MESSAGE_BYTES - Messages.TRANSPORT_OVERHEAD_BYTES;

  private final TunDevice tun;

  MtuLimit(TunDevice tun) {
    this.tun = tun;
  }

  /** The state as it is to be, after the interface was set to it. */
  LinkState bounded(LinkState state) {
    if (state.mtu() <= LARGEST) {
      return state;
    }
    try {
      tun.setMtu(LARGEST);
      LOG.warn(
          "interface {}: MTU {} is set back to {}, the most that a datagram carries",
          tun.name(),
          state.mtu(),
          LARGEST);
      return new LinkState(state.up(), LARGEST);
    } catch (TunException e) {
      LOG.warn(
          "interface {}: MTU {} is more than the {} bytes that a datagram carries: longer packets are"
              + " lost ({})",
          tun.name(),
          state.mtu(),
          LARGEST,
          e.getMessage());
      return state;
    }
  }
}
