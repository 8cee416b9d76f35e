package io.wgnetty.api;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.wgnetty.observe.RequestDeadline;
import java.io.IOException;
import java.io.PrintStream;
import java.util.Arrays;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One client: looks whether it may ask, has its requests done one after the other. */
final class ApiConnection extends SimpleChannelInboundHandler<FullHttpRequest> {
  private static final Logger LOG = LoggerFactory.getLogger(ApiConnection.class);

  private final @Nullable ApiToken token;
  private final WebPages pages;
  private final ApiRoutes routes;
  private final Executor workers;
  private final RequestDeadline deadline;

  /** The answer has no end of its own: what is asked behind it has none. */
  private volatile boolean streaming;

  /** Who does the present request; interrupted when the client leaves. */
  private volatile @Nullable Thread worker;

  ApiConnection(
      @Nullable ApiToken token,
      WebPages pages,
      ApiRoutes routes,
      Executor workers,
      RequestDeadline deadline) {
    this.deadline = deadline;
    this.token = token;
    this.pages = pages;
    this.routes = routes;
    this.workers = workers;
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpRequest request) {
    if (streaming) {
      return;
    }
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    ctx.channel().config().setAutoRead(false);
    deadline.answering(ctx);
    ApiAnswer page = pages.at(request.method().name(), request.uri());
    if (request.decoderResult().isFailure()) {
      write(ctx, HttpResponseStatus.BAD_REQUEST, "this is no proper HTTP request", false);
    } else if (page != null) {
      write(ctx, page.status(), page.type(), String.valueOf(page.body()), keepAlive);
    } else if (token != null && !token.isIn(request.headers().get(HttpHeaderNames.AUTHORIZATION))) {
      write(
          ctx, HttpResponseStatus.UNAUTHORIZED, "a token is needed: Authorization: Bearer", false);
    } else {
      String method = request.method().name();
      String uri = request.uri();
      byte[] body = ByteBufUtil.getBytes(request.content());
      try {
        workers.execute(() -> work(ctx, method, uri, body, keepAlive));
      } catch (RejectedExecutionException e) {
        write(ctx, HttpResponseStatus.SERVICE_UNAVAILABLE, "too many requests wait", false);
      }
    }
  }

  private void work(
      ChannelHandlerContext ctx, String method, String uri, byte[] body, boolean keepAlive) {
    worker = Thread.currentThread();
    try {
      ApiAnswer answer = routes.answer(ApiRequest.of(method, uri, body));
      if (answer.body() != null) {
        write(ctx, answer.status(), answer.type(), answer.body(), keepAlive);
      } else if (answer.stream() != null) {
        streaming = true;
        stream(ctx, answer, answer.stream());
      }
    } catch (ApiFailure e) {
      String message = ApiRoutes.failure(String.valueOf(e.getMessage()));
      write(ctx, e.status(), ApiAnswer.JSON, message, keepAlive);
    } catch (RuntimeException e) {
      LOG.error("api: {} failed", method, e);
      write(ctx, HttpResponseStatus.INTERNAL_SERVER_ERROR, "failed; see the log", false);
    } finally {
      Arrays.fill(body, (byte) 0); // it may hold a pre-shared key
      worker = null;
      var unusedFlag = Thread.interrupted();
    }
  }

  private static void stream(ChannelHandlerContext ctx, ApiAnswer answer, ApiAnswer.Stream stream) {
    var head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    describe(head, answer.type());
    HttpUtil.setTransferEncodingChunked(head, true);
    HttpUtil.setKeepAlive(head, false);
    var unusedHead = ctx.writeAndFlush(head);
    // Reading on, so that it is seen when the client leaves.
    ctx.channel().config().setAutoRead(true);
    try (var out = new PrintStream(new ChunkedOutput(ctx.channel()), false, UTF_8)) {
      stream.writeTo(out);
    } catch (ApiFailure e) {
      LOG.debug("api: a stream ended: {}", e.getMessage());
    }
  }

  private static void describe(HttpResponse response, String type) {
    // No Server header: whoever may ask finds the version in the answers.
    response
        .headers()
        .set(HttpHeaderNames.CONTENT_TYPE, type)
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("x-content-type-options", "nosniff")
        .set("content-security-policy", WebPages.POLICY)
        .set("referrer-policy", "no-referrer");
    if (response.status().equals(HttpResponseStatus.UNAUTHORIZED)) {
      response.headers().set(HttpHeaderNames.WWW_AUTHENTICATE, "Bearer");
    }
  }

  private void write(
      ChannelHandlerContext ctx, HttpResponseStatus status, String message, boolean keepAlive) {
    write(ctx, status.code(), ApiAnswer.JSON, ApiRoutes.failure(message), keepAlive);
  }

  private void write(
      ChannelHandlerContext ctx, int status, String type, String body, boolean keepAlive) {
    ByteBuf content = Unpooled.copiedBuffer(body, UTF_8);
    var response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(status), content);
    describe(response, type);
    HttpUtil.setContentLength(response, content.readableBytes());
    HttpUtil.setKeepAlive(response, keepAlive);
    ChannelFuture written = ctx.writeAndFlush(response);
    if (keepAlive) {
      written.addListener(done -> next(ctx));
    } else {
      written.addListener(ChannelFutureListener.CLOSE);
    }
  }

  private void next(ChannelHandlerContext ctx) {
    if (ctx.channel().isActive()) {
      deadline.answered(ctx);
      ctx.channel().config().setAutoRead(true);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    Thread busy = worker;
    if (busy != null) {
      busy.interrupt();
    }
    ctx.fireChannelInactive();
  }

  @Override
  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException || cause instanceof io.netty.handler.codec.DecoderException) {
      LOG.debug("api: a connection broke: {}", cause.getMessage());
    } else {
      LOG.error("api: a connection failed", cause);
    }
    ctx.close();
  }
}
