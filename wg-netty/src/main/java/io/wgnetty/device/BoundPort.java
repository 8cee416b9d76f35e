package io.wgnetty.device;

import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.FixedRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelOption;
import io.netty.channel.epoll.EpollDatagramChannel;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.channel.unix.IntegerUnixChannelOption;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An IPv4 and an IPv6 socket on the same port (protocol 4.4). A host without IPv6 has the first
 * only.
 *
 * @param port the port that both are bound to
 */
record BoundPort(Channel v4, @Nullable Channel v6, int port) {
  private static final Logger LOG = LoggerFactory.getLogger(BoundPort.class);

  /** A free port of one family may be taken in the other: try again this often. */
  private static final int MAX_TRIES = 100;

  private static final int SOL_SOCKET = 1;
  private static final int IPPROTO_IP = 0;
  private static final int IPPROTO_IPV6 = 41;
  private static final ChannelOption<Integer> SO_MARK =
      new IntegerUnixChannelOption("SO_MARK", SOL_SOCKET, 36);
  private static final ChannelOption<Integer> SO_SNDBUFFORCE =
      new IntegerUnixChannelOption("SO_SNDBUFFORCE", SOL_SOCKET, 32);
  private static final ChannelOption<Integer> SO_RCVBUFFORCE =
      new IntegerUnixChannelOption("SO_RCVBUFFORCE", SOL_SOCKET, 33);
  private static final ChannelOption<Integer> IP_MTU_DISCOVER =
      new IntegerUnixChannelOption("IP_MTU_DISCOVER", IPPROTO_IP, 10);
  private static final ChannelOption<Integer> IPV6_MTU_DISCOVER =
      new IntegerUnixChannelOption("IPV6_MTU_DISCOVER", IPPROTO_IPV6, 23);
  private static final ChannelOption<Integer> IPV6_V6ONLY =
      new IntegerUnixChannelOption("IPV6_V6ONLY", IPPROTO_IPV6, 26);

  /**
   * DF stays clear, so that a path with a smaller MTU fragments instead of losing (protocol 4.4).
   */
  private static final int PMTUDISC_DONT = 0;

  /** Room for what arrives while the loop is busy with something else. */
  private static final int SOCKET_BUFFER_BYTES = 7 << 20;

  private static final int MAX_DATAGRAM_BYTES = 65_535;

  /**
   * Binds both sockets; {@code port} 0 chooses any that is free in both families.
   *
   * @param chain sets up the pipeline of each socket
   * @throws IOException if the port is in use, or the mark is refused
   */
  static BoundPort bind(EventLoop loop, int port, int fwmark, Consumer<Channel> chain)
      throws IOException {
    IOException last = new IOException("no free UDP port");
    for (int i = 0; i < (port == 0 ? MAX_TRIES : 1); i++) {
      try {
        return bindOnce(loop, port, fwmark, chain);
      } catch (PortTakenException e) {
        last = e;
      }
    }
    throw last;
  }

  private static BoundPort bindOnce(EventLoop loop, int port, int fwmark, Consumer<Channel> chain)
      throws IOException {
    Channel v4 = bindFamily(loop, SocketProtocolFamily.INET, port, chain);
    int actual = ((InetSocketAddress) v4.localAddress()).getPort();
    Channel v6 = null;
    try {
      v6 = hasIpv6() ? bindFamily(loop, SocketProtocolFamily.INET6, actual, chain) : null;
      BoundPort bound = new BoundPort(v4, v6, actual);
      if (fwmark != 0) {
        bound.setMark(fwmark);
      }
      return bound;
    } catch (IOException e) {
      v4.close().syncUninterruptibly();
      if (v6 != null) {
        v6.close().syncUninterruptibly();
      }
      throw e;
    }
  }

  /** Whether this host can have IPv6 sockets at all. */
  private static boolean hasIpv6() {
    try {
      new EpollDatagramChannel(SocketProtocolFamily.INET6).unsafe().closeForcibly();
      return true;
    } catch (RuntimeException e) {
      LOG.debug("this host has no IPv6: {}", e.getMessage());
      return false;
    }
  }

  private static Channel bindFamily(
      EventLoop loop, SocketProtocolFamily family, int port, Consumer<Channel> chain)
      throws IOException {
    boolean ipv6 = family == SocketProtocolFamily.INET6;
    Bootstrap bootstrap =
        new Bootstrap()
            .group(loop)
            .channelFactory(() -> new EpollDatagramChannel(family))
            .option(
                ChannelOption.RECVBUF_ALLOCATOR,
                new FixedRecvByteBufAllocator(MAX_DATAGRAM_BYTES).maxMessagesPerRead(16))
            .option(EpollChannelOption.MAX_DATAGRAM_PAYLOAD_SIZE, 0)
            .option(EpollChannelOption.UDP_GRO, true)
            .option(EpollChannelOption.SO_REUSEPORT, true)
            .option(ChannelOption.WRITE_BUFFER_WATER_MARK, UdpSockets.WATER_MARK)
            .handler(
                new ChannelInitializer<EpollDatagramChannel>() {
                  @Override
                  protected void initChannel(EpollDatagramChannel channel) {
                    prepare(channel, ipv6);
                    chain.accept(channel);
                  }
                });
    ChannelFuture future = bootstrap.bind(anyAddress(ipv6), port).awaitUninterruptibly();
    if (!future.isSuccess()) {
      future.channel().close().awaitUninterruptibly();
      throw new PortTakenException(
          "cannot bind UDP port " + port + ": " + message(future.cause()), future.cause());
    }
    return future.channel();
  }

  private static String message(@Nullable Throwable cause) {
    String text = cause == null ? null : cause.getMessage();
    return text == null ? "unknown reason" : text;
  }

  private static void prepare(EpollDatagramChannel channel, boolean ipv6) {
    channel.config().setOption(ipv6 ? IPV6_MTU_DISCOVER : IP_MTU_DISCOVER, PMTUDISC_DONT);
    if (ipv6) {
      channel.config().setOption(IPV6_V6ONLY, 1);
    }
    enlarge(channel, SO_RCVBUFFORCE, ChannelOption.SO_RCVBUF);
    enlarge(channel, SO_SNDBUFFORCE, ChannelOption.SO_SNDBUF);
  }

  private static void enlarge(
      Channel channel, ChannelOption<Integer> forced, ChannelOption<Integer> plain) {
    try {
      channel.config().setOption(forced, SOCKET_BUFFER_BYTES);
    } catch (RuntimeException e) {
      // Without CAP_NET_ADMIN the system's limit holds.
      channel.config().setOption(plain, SOCKET_BUFFER_BYTES);
    }
  }

  private static InetAddress anyAddress(boolean ipv6) throws IOException {
    return ipv6
        ? Inet6Address.getByAddress(null, new byte[16], 0)
        : Inet4Address.getByAddress(new byte[4]);
  }

  /** The one failure after which another port may do. */
  private static final class PortTakenException extends IOException {
    private static final long serialVersionUID = 1L;

    PortTakenException(String message, @Nullable Throwable cause) {
      super(message, cause);
    }
  }

  /** Sets the mark of what is sent from now on; 0 is none. */
  void setMark(int fwmark) throws IOException {
    try {
      v4.config().setOption(SO_MARK, fwmark);
      if (v6 != null) {
        v6.config().setOption(SO_MARK, fwmark);
      }
    } catch (RuntimeException e) {
      throw new IOException("cannot set the mark of datagrams: " + message(e), e);
    }
  }

  void close() {
    v4.close().syncUninterruptibly();
    if (v6 != null) {
      v6.close().syncUninterruptibly();
    }
  }
}
