package io.wgnetty.api;

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
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.node.CommandFailure;
import java.net.Inet4Address;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves the API by HTTP/1.1. One thread carries bytes and never waits; requests are done by a few
 * others, since what they ask may take its time.
 */
public final class ApiServer implements AutoCloseable {
  static final int MAX_CONNECTIONS = 64;

  /** The longest JSON that makes sense is a peer with very many prefixes. */
  static final int MAX_BODY_BYTES = 1 << 20;

  private static final int WORKERS = 16;
  private static final int MAX_WAITING = 64;
  private static final int MAX_LINE_BYTES = 4096;
  private static final int MAX_HEADERS_BYTES = 16 * 1024;
  private static final int MAX_CHUNK_BYTES = 64 * 1024;
  private static final long CLOSE_TIMEOUT_MS = 2000;
  private static final Logger LOG = LoggerFactory.getLogger(ApiServer.class);

  private final ApiOptions options;
  private final ApiRoutes routes;
  private final ThreadPoolExecutor workers =
      new ThreadPoolExecutor(
          WORKERS,
          WORKERS,
          10,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(MAX_WAITING),
          new DefaultThreadFactory("api-work", true));
  private final EventLoopGroup loop =
      new MultiThreadIoEventLoopGroup(
          1, new DefaultThreadFactory("api", true), EpollIoHandler.newFactory());
  private final ChannelGroup connections = new DefaultChannelGroup(loop.next());
  private final Channel listener;

  private ApiServer(ApiOptions options, ApiRoutes routes) throws CommandFailure {
    this.options = options;
    this.routes = routes;
    workers.allowCoreThreadTimeOut(true);
    var bound = bootstrap().bind(options.address()).awaitUninterruptibly();
    if (!bound.isSuccess()) {
      workers.shutdownNow();
      close(loop);
      throw new CommandFailure(
          "cannot listen on "
              + options.address().getAddress().getHostAddress()
              + ", port "
              + options.address().getPort()
              + ": "
              + CommandFailure.firstLine(bound.cause()));
    }
    listener = bound.channel();
  }

  /**
   * Listens when it returns.
   *
   * @param web whether there is a page for people, too
   * @throws CommandFailure if it cannot, or everybody could ask
   */
  public static ApiServer open(
      InetSocketAddress address,
      ApiAccess access,
      boolean web,
      ControlSockets sockets,
      Commands commands)
      throws CommandFailure {
    return new ApiServer(access.at(address, web), new ApiRoutes(sockets, commands));
  }

  /** What there is, each as {@code METHOD /path}, with * for what may be anything. */
  public static List<String> paths() {
    return new ApiRoutes(new ControlSockets(Path.of("/")), (in, out, err, words) -> 0).all();
  }

  /** Where it listens, with the port that was chosen if any was asked for. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /** Whether clients have to use TLS. */
  public boolean hasTls() {
    return options.tls() != null;
  }

  private ServerBootstrap bootstrap() {
    boolean ipv4 = options.address().getAddress() instanceof Inet4Address;
    SocketProtocolFamily family = ipv4 ? SocketProtocolFamily.INET : SocketProtocolFamily.INET6;
    return new ServerBootstrap()
        .group(loop)
        .channelFactory(() -> new EpollServerSocketChannel(family))
        .option(ChannelOption.SO_REUSEADDR, true)
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
      LOG.debug("api: more than {} connections, the new one was closed", MAX_CONNECTIONS);
      connection.close();
      return;
    }
    connections.add(connection);
    if (options.tls() != null) {
      connection.pipeline().addLast(options.tls().newHandler(connection.alloc()));
    }
    connection
        .pipeline()
        .addLast(new SilentClients())
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_CHUNK_BYTES))
        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
        .addLast(
            new FlowControlHandler()) // one request at a time, so that answers keep their order
        .addLast(new ApiConnection(options.token(), options.pages(), routes, workers));
  }

  /** Waits until it was closed. */
  public void awaitEnd() {
    CompletableFuture<Void> closed = new CompletableFuture<>();
    listener.closeFuture().addListener(done -> closed.complete(null));
    closed.join();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    connections.close().awaitUninterruptibly(CLOSE_TIMEOUT_MS);
    workers.shutdownNow();
    close(loop);
  }

  private static void close(EventLoopGroup group) {
    group.shutdownGracefully(0, CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS).awaitUninterruptibly();
  }
}
