package io.wgnetty.device;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import io.wgnetty.pipeline.UdpOutput;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The pair of UDP sockets, one a family, through which one event loop sends and receives. Bound
 * while the interface is up; exchanged when the port changes. Touched by the loop's thread only.
 */
final class UdpSockets implements UdpOutput {
  /**
   * What may wait for a socket that is full; beyond it datagrams are dropped, as a queue of the
   * network would.
   */
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 4 << 20);

  /** TOS byte of handshake messages: AF41, not ECN-capable (protocol 1.3). */
  private static final int HANDSHAKE_TOS = 0x88;

  private @Nullable BoundPort bound;

  /** Sends through these sockets from now on. */
  void use(BoundPort port) {
    bound = port;
  }

  /** Sends no more; returns the sockets that were in use, if any. */
  @Nullable BoundPort release() {
    BoundPort old = bound;
    bound = null;
    return old;
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // void promise: a failure shows up in the pipeline
  public boolean write(ByteBuf datagram, Endpoint destination) {
    Channel channel = channelFor(destination);
    if (channel == null || !channel.isWritable()) {
      datagram.release();
      return false;
    }
    channel.write(
        new DatagramPacket(datagram, destination.toSocketAddress()), channel.voidPromise());
    return true;
  }

  /** Sends one handshake message with the mark that lets networks prefer it. */
  boolean writeHandshake(ByteBuf message, Endpoint destination) {
    Channel channel = channelFor(destination);
    if (channel == null) {
      message.release();
      return false;
    }
    // The socket has one TOS for all; what waited before goes out before the change.
    channel.flush();
    channel.config().setOption(ChannelOption.IP_TOS, HANDSHAKE_TOS);
    boolean written = write(message, destination);
    channel.flush();
    channel.config().setOption(ChannelOption.IP_TOS, 0);
    return written;
  }

  @Override
  public void flush() {
    BoundPort port = bound;
    if (port != null) {
      port.v4().flush();
      Channel v6 = port.v6();
      if (v6 != null) {
        v6.flush();
      }
    }
  }

  private @Nullable Channel channelFor(Endpoint destination) {
    BoundPort port = bound;
    if (port == null) {
      return null;
    }
    return destination.isIpv6() ? port.v6() : port.v4();
  }
}
