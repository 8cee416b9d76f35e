package io.wgnetty.observe;

import io.netty.channel.Channel;
import io.netty.handler.codec.http.HttpServerCodec;
import io.netty.handler.flow.FlowControlHandler;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Map;

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

  private final Map<String, Page> pages;
  private final RequestDeadline.Limits limits;
  private final HttpListener listener;

  private MetricsServer(
      InetSocketAddress address, Map<String, Page> pages, RequestDeadline.Limits limits)
      throws IOException {
    this.pages = Map.copyOf(pages);
    this.limits = limits;
    try {
      listener = new HttpListener("metrics", address, BACKLOG, MAX_CONNECTIONS, this::setUp);
    } catch (IOException e) {
      throw new IOException("metrics: " + e.getMessage(), e);
    }
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
    return listener.address();
  }

  private void setUp(Channel connection) {
    var deadline = new RequestDeadline(limits);
    connection
        .pipeline()
        .addLast(deadline)
        .addLast(new HttpServerCodec(MAX_LINE_BYTES, MAX_HEADERS_BYTES, MAX_CHUNK_BYTES))
        .addLast(new FlowControlHandler()) // lets the next request wait, so that answers keep their
        // order
        .addLast(new MetricsConnection(pages, deadline));
  }

  @Override
  public void close() {
    listener.close();
  }
}
