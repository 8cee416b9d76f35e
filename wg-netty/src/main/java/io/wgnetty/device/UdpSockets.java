package io.wgnetty.device;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.socket.DatagramPacket;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.DatagramOutput;
import io.wgnetty.protocol.Endpoint;
import org.jspecify.annotations.Nullable;

/**
 * The pair of UDP sockets, one a family, through which one event loop sends and receives. Bound
 * while the interface is up; exchanged when the port changes. Touched by the loop's thread only.
 */
@SuppressWarnings("FutureReturnValueIgnored")
final class UdpSockets implements DatagramOutput {
  /**
   * What may wait for a socket that is full; beyond it datagrams are dropped, as a queue of the
   * network would.
   */
  static final WriteBufferWaterMark WATER_MARK = new WriteBufferWaterMark(1 << 20, 4 << 20);

  /** TOS byte of handshake messages: AF41, not ECN-capable (protocol 1.3). */
  static final int HANDSHAKE_TOS = 0x88;

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
  public void send(DatagramBatch batch) {
    for (int i = 0; i < batch.size(); i++) {
      Endpoint destination = batch.destination(i);
      Channel channel = destination == null ? null : channelFor(destination);
      if (destination == null || channel == null || !channel.isWritable()) {
        batch.refuse(i);
        continue;
      }
      ByteBuf copy = channel.alloc().directBuffer(batch.length(i));
      copy.writeBytes(batch.bytes().slice(batch.offset(i), batch.length(i)));
      channel.write(
          batch.segments(i) == 1
              ? new DatagramPacket(copy, destination.toSocketAddress())
              : new io.netty.channel.unix.SegmentedDatagramPacket(
                  copy, batch.segmentBytes(i), destination.toSocketAddress()),
          channel.voidPromise());
    }
    flush();
  }

  @Override
  public boolean send(byte[] datagram, Endpoint destination, int trafficClass) {
    Channel channel = channelFor(destination);
    if (channel == null || !channel.isWritable()) {
      return false;
    }
    // The socket has one TOS for all; what waited before goes out before the change.
    channel.flush();
    channel.config().setOption(ChannelOption.IP_TOS, trafficClass);
    channel.write(
        new DatagramPacket(
            io.netty.buffer.Unpooled.wrappedBuffer(datagram), destination.toSocketAddress()),
        channel.voidPromise());
    channel.flush();
    channel.config().setOption(ChannelOption.IP_TOS, 0);
    return true;
  }

  private void flush() {
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
