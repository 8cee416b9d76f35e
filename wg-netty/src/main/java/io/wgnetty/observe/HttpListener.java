package io.wgnetty.observe;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.socket.SocketProtocolFamily;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A TCP port with a thread of its own, and a bounded number of connections. */
public final class HttpListener implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HttpListener.class);
  private static final long CLOSE_TIMEOUT_MS = 2000;

  private final String name;
  private final int maxConnections;
  private final Consumer<Channel> setUp;
  private final EventLoopGroup loop;
  private final ChannelGroup connections;
  private final Channel listener;

  /**
   * Listens when it returns.
   *
   * @param name of the thread, and in the log
   * @param backlog how many may wait to be accepted
   * @param maxConnections the next one is closed
   * @param setUp gives a new connection its handlers
   * @throws IOException if the address can not be listened on; the message says which and why
   */
  public HttpListener(
      String name,
      InetSocketAddress address,
      int backlog,
      int maxConnections,
      Consumer<Channel> setUp)
      throws IOException {
    this.name = name;
    this.maxConnections = maxConnections;
    this.setUp = setUp;
    loop =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory(name, true), EpollIoHandler.newFactory());
    connections = new DefaultChannelGroup(loop.next());
    var bound = bootstrap(address.getAddress(), backlog).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close(loop);
      throw new IOException(reason(bound.cause(), address), bound.cause());
    }
    listener = bound.channel();
  }

  /** Where it listens, with the port that was chosen if any was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Waits until it was closed. */
  public void awaitEnd() {
    listener.closeFuture().awaitUninterruptibly();
  }

  private ServerBootstrap bootstrap(InetAddress address, int backlog) {
    // A socket of both families that is bound to 0.0.0.0 would take callers over IPv6 too.
    boolean ipv4 = address instanceof Inet4Address;
    SocketProtocolFamily family = ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return new ServerBootstrap()
        .group(loop)
        .channelFactory(() -> new EpollServerSocketChannel(family))
        .option(ChannelOption.SO_BACKLOG, backlog)
        .option(ChannelOption.SO_REUSEADDR, true) // a node that starts again need not wait
        .childHandler(
            new ChannelInitializer<Channel>() {
              @Override
              protected void initChannel(Channel connection) {
                accept(connection);
              }
            });
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void accept(Channel connection) {
    if (connections.size() >= maxConnections) {
      LOG.debug("{}: more than {} connections, the new one was closed", name, maxConnections);
      connection.close();
      return;
    }
    connections.add(connection);
    setUp.accept(connection);
  }

  private static String reason(Throwable cause, InetSocketAddress address) {
    return "cannot listen on "
        + address.getAddress().getHostAddress()
        + ", port "
        + address.getPort()
        + ": "
        + cause.getMessage();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    close(loop);
  }

  private static void close(EventLoopGroup group) {
    group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
