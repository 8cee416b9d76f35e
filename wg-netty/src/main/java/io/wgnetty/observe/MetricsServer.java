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
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.io.IOException;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves a few pages by HTTP, with one thread that never waits for anybody.
 *
 * <p>Made of Netty's HTTP codec and not of the JDK's server: that one gives each connection that
 * has begun a request a thread until the request is whole, so with two threads two slow clients
 * would be all it takes to blind the monitoring.
 */
final class MetricsServer implements AutoCloseable {
  /** Who looks at a node are few; the next one is closed. Each costs some 10 KiB. */
  static final int MAX_CONNECTIONS = 32;

  /** Scrapers send a few hundred bytes. */
  private static final int MAX_LINE_BYTES = 1024;

  private static final int MAX_HEADERS_BYTES = 8192;
  private static final int MAX_CHUNK_BYTES = 1024;
  private static final int BACKLOG = 16;
  private static final long CLOSE_TIMEOUT_MS = 2000;
  private static final Logger LOG = LoggerFactory.getLogger(MetricsServer.class);

  private final Map<String, Page> pages;
  private final RequestDeadline.Limits limits;
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("metrics", true), EpollIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final Channel listener;

  private MetricsServer(
      InetSocketAddress address, Map<String, Page> pages, RequestDeadline.Limits limits)
      throws IOException {
    this.pages = Map.copyOf(pages);
    this.limits = limits;
    var bound = bootstrap(address.getAddress()).bind(address).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      close(loop);
      throw new IOException("metrics: " + reason(bound.cause(), address), bound.cause());
    }
    this.listener = bound.channel();
  }

  /**
   * Listens when it returns.
   *
   * @param pages what is shown under which path
   * @throws IOException if the address can not be listened on; the message says which and why
   */
  static MetricsServer open(InetSocketAddress address, Map<String, Page> pages) throws IOException {
    return open(address, pages, RequestDeadline.Limits.USUAL);
  }

  static MetricsServer open(
      InetSocketAddress address, Map<String, Page> pages, RequestDeadline.Limits limits)
      throws IOException {
    return new MetricsServer(address, pages, limits);
  }

  /** Where it listens, with the port that was chosen if any was asked for. */
  InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  private ServerBootstrap bootstrap(InetAddress address) {
    // A socket of both families that is bound to 0.0.0.0 would take callers over IPv6 too.
    boolean ipv4 = address instanceof Inet4Address;
    SocketProtocolFamily family = ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return new ServerBootstrap()
        .group(loop)
        .channelFactory(() -> new EpollServerSocketChannel(family))
        .option(ChannelOption.SO_BACKLOG, BACKLOG)
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
    if (connections.size() >= MAX_CONNECTIONS) {
      LOG.debug("metrics: more than {} connections, the new one was closed", MAX_CONNECTIONS);
      connection.close();
      return;
    }
    connections.add(connection);
    var deadline = new RequestDeadline(limits);
    connection
        .pipeline()
        .addLast(deadline)
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_CHUNK_BYTES))
        .addLast(new FlowControlHandler()) // lets the next request wait, so that answers keep their
        // order
        .addLast(new MetricsConnection(pages, deadline));
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
