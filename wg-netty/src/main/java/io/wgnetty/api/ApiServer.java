package io.wgnetty.api;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import io.netty.util.NetUtil;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.client.ControlSockets;
import io.wgnetty.node.CommandFailure;
import io.wgnetty.observe.HttpListener;
import io.wgnetty.observe.RequestDeadline;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

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

  /** An answer takes as long as what it was asked for. */
  private static final RequestDeadline.Limits LIMITS =
      new RequestDeadline.Limits(15_000, 0, 120_000);

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
  private final HttpListener listener;

  private ApiServer(ApiOptions options, ApiRoutes routes) throws CommandFailure {
    this.options = options;
    this.routes = routes;
    workers.allowCoreThreadTimeOut(true);
    try {
      listener =
          new HttpListener(
              "api", options.address(), NetUtil.SOMAXCONN, MAX_CONNECTIONS, this::setUp);
    } catch (IOException e) {
      workers.shutdownNow();
      throw new CommandFailure(CommandFailure.firstLine(e));
    }
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
    return new ApiRoutes(
            new ControlSockets(Path.of("/")),
            (in, out, err, words) -> new Commands.Outcome(0, false))
        .all();
  }

  /** Where it listens, with the port that was chosen if any was asked for. */
  public InetSocketAddress address() {
    return listener.address();
  }

  /** Whether clients have to use TLS. */
  public boolean hasTls() {
    return options.tls() != null;
  }

  private void setUp(Channel connection) {
    if (options.tls() != null) {
      connection.pipeline().addLast(options.tls().newHandler(connection.alloc()));
    }
    var deadline = new RequestDeadline(LIMITS);
    connection
        .pipeline()
        .addLast(deadline)
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_CHUNK_BYTES))
        .addLast(new HttpObjectAggregator(MAX_BODY_BYTES))
        .addLast(
            new FlowControlHandler()) // one request at a time, so that answers keep their order
        .addLast(new ApiConnection(options.token(), options.pages(), routes, workers, deadline));
  }

  /** Waits until it was closed. */
  public void awaitEnd() {
    listener.awaitEnd();
  }

  @Override
  public void close() {
    listener.close();
    workers.shutdownNow();
  }
}
