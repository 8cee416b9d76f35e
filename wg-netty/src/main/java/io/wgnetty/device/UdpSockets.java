package io.wgnetty.device;

import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.DatagramOutput;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.udp.UdpChannel;
import org.jspecify.annotations.Nullable;

/**
 * The pair of UDP sockets, one a family, through which one event loop sends and receives. Bound
 * while the interface is up; exchanged when the port changes. Touched by the loop's thread only.
 */
final class UdpSockets implements DatagramOutput {
  /** TOS byte of handshake messages: AF41, not ECN-capable (protocol 1.3). */
  static final int HANDSHAKE_TOS = 0x88;

  private @Nullable BoundPort bound;
  private boolean collecting;

  /** Sends through these sockets from now on. */
  void use(BoundPort port) {
    bound = port;
  }

  /** Sends no more. */
  void release() {
    bound = null;
  }

  @Override
  public void send(DatagramBatch batch) {
    boolean toV4 = false;
    boolean toV6 = false;
    for (int i = 0; i < batch.size(); i++) {
      Endpoint destination = batch.destination(i);
      if (destination == null || channelFor(destination) == null) {
        batch.refuse(i);
      } else if (destination.isIpv6()) {
        toV6 = true;
      } else {
        toV4 = true;
      }
    }
    BoundPort port = bound;
    if (port == null) {
      return;
    }
    if (toV4) {
      port.v4().send(batch);
    }
    UdpChannel v6 = port.v6();
    if (toV6 && v6 != null) {
      v6.send(batch);
    }
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    UdpChannel channel = channelFor(destination);
    if (channel == null) {
      return false;
    }
    return collecting
        ? channel.post(datagram, destination, trafficClass)
        : channel.send(datagram, destination, trafficClass);
  }

  /** Single datagrams wait from now on, so that many leave with one call. */
  void collect() {
    collecting = true;
  }

  /** Sends what was collected; returns how many datagrams the kernel refused. */
  long sendCollected() {
    collecting = false;
    BoundPort port = bound;
    if (port == null) {
      return 0;
    }
    UdpChannel v6 = port.v6();
    return port.v4().sendPosted() + (v6 == null ? 0 : v6.sendPosted());
  }

  private @Nullable UdpChannel channelFor(Endpoint destination) {
    BoundPort port = bound;
    if (port == null) {
      return null;
    }
    return destination.isIpv6() ? port.v6() : port.v4();
  }
}
