package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the metrics server: answers its requests one after the other.
 *
 * <p>Reads the next one only when the answer has left. Whoever sends what is no HTTP, or a request
 * with content, gets one answer and is disconnected: where the next request begins would be a
 * guess.
 */
final class MetricsConnection extends ChannelInboundHandlerAdapter {
  private static final Logger LOG = LoggerFactory.getLogger(MetricsConnection.class);

  private static final DateTimeFormatter DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH)
          .withZone(ZoneOffset.UTC);

  private final Map<String, Page> pages;
  private final RequestDeadline deadline;
  private boolean closing;

  MetricsConnection(Map<String, Page> pages, RequestDeadline deadline) {
    this.pages = pages;
    this.deadline = deadline;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (!closing) {
        received(ctx, (HttpObject) message);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  private void received(ChannelHandlerContext ctx, HttpObject part) {
    if (part.decoderResult().isFailure()) {
      refuse(ctx, statusFor(part.decoderResult().cause()), "this is no proper HTTP request");
    } else if (part instanceof HttpRequest request) {
      if (request.protocolVersion().compareTo(HttpVersion.HTTP_1_0) > 0
          && !request.headers().contains(HttpHeaderNames.HOST)) {
        refuse(ctx, HttpResponseStatus.BAD_REQUEST, "a request without Host");
      } else if (HttpUtil.isTransferEncodingChunked(request)
          || HttpUtil.getContentLength(request, 0L) != 0) {
        refuse(ctx, HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE, "requests have no content here");
      } else {
        answer(ctx, request);
      }
    }
    // What follows a request is the end of its content, which is empty.
  }

  private void answer(ChannelHandlerContext ctx, HttpRequest request) {
    stopReading(ctx);
    boolean keepAlive = HttpUtil.isKeepAlive(request);
    HttpMethod method = request.method();
    if (!method.equals(HttpMethod.GET) && !method.equals(HttpMethod.HEAD)) {
      write(ctx, Answer.text(HttpResponseStatus.METHOD_NOT_ALLOWED.code(), "GET or HEAD"), false);
      return;
    }
    Page page = pages.get(path(request.uri()));
    if (page == null) {
      String known = String.join(", ", pages.keySet().stream().sorted().toList());
      write(ctx, Answer.text(HttpResponseStatus.NOT_FOUND.code(), "there is " + known), keepAlive);
      return;
    }
    CompletionStage<Answer> promised = page.answer();
    var unusedStage =
        promised.whenCompleteAsync(
            (answer, failure) -> {
              Answer said = failure == null ? answer : failed(failure);
              if (said.pieces() == null) {
                write(ctx, said, keepAlive);
              } else {
                stream(ctx, request, said, said.pieces());
              }
            },
            ctx.executor());
  }

  /** A content whose length nobody knows yet: in chunks, or up to the connection's end. */
  private void stream(
      ChannelHandlerContext ctx, HttpRequest request, Answer answer, AnswerPieces pieces) {
    boolean knowsChunks = request.protocolVersion().compareTo(HttpVersion.HTTP_1_0) > 0;
    closing |= !knowsChunks || !HttpUtil.isKeepAlive(request);
    var head =
        new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()));
    setHeaders(head.headers(), answer);
    HttpUtil.setTransferEncodingChunked(head, knowsChunks);
    HttpUtil.setKeepAlive(head, !closing);
    var unusedWrite = ctx.write(head);
    var sender = new PieceSender(ctx, pieces, deadline, sent -> next(ctx, sent));
    if (request.method().equals(HttpMethod.HEAD)) {
      sender.end();
    } else {
      sender.send();
    }
  }

  private static void setHeaders(HttpHeaders headers, Answer answer) {
    headers
        .set(HttpHeaderNames.CONTENT_TYPE, answer.type())
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.DATE, DATE.format(Instant.now()));
  }

  private static Answer failed(Throwable failure) {
    LOG.error("metrics: a page failed", failure);
    return Answer.text(HttpResponseStatus.INTERNAL_SERVER_ERROR.code(), "failed; see the log");
  }

  private void refuse(ChannelHandlerContext ctx, HttpResponseStatus status, String words) {
    stopReading(ctx);
    write(ctx, Answer.text(status.code(), words), false);
  }

  private void stopReading(ChannelHandlerContext ctx) {
    ctx.channel().config().setAutoRead(false);
    deadline.answering(ctx);
  }

  private void write(ChannelHandlerContext ctx, Answer answer, boolean keepAlive) {
    closing |= !keepAlive;
    // No Server header: whoever may look at the metrics finds the version among them.
    ByteBuf content = Unpooled.copiedBuffer(answer.content(), UTF_8);
    FullHttpResponse response =
        new DefaultFullHttpResponse(
            HttpVersion.HTTP_1_1, HttpResponseStatus.valueOf(answer.status()), content);
    setHeaders(response.headers(), answer);
    response.headers().set(HttpHeaderNames.CONTENT_LENGTH, content.readableBytes());
    if (answer.status() == HttpResponseStatus.METHOD_NOT_ALLOWED.code()) {
      response.headers().set(HttpHeaderNames.ALLOW, "GET, HEAD");
    }
    HttpUtil.setKeepAlive(response, keepAlive);
    ctx.writeAndFlush(response).addListener(written -> next(ctx, written.isSuccess()));
  }

  private void next(ChannelHandlerContext ctx, boolean success) {
    if (!success) {
      close(ctx);
    } else if (closing) {
      hangUp(ctx);
    } else {
      deadline.answered(ctx);
      ctx.channel().config().setAutoRead(true);
    }
  }

  /**
   * Reads on for a while: to close at once would make a client lose the answer that is on its way.
   */
  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void hangUp(ChannelHandlerContext ctx) {
    deadline.closing(ctx);
    ((DuplexChannel) ctx.channel()).shutdownOutput();
    ctx.channel().config().setAutoRead(true);
  }

  private static String path(String uri) {
    int query = uri.indexOf('?');
    return query < 0 ? uri : uri.substring(0, query);
  }

  private static HttpResponseStatus statusFor(@Nullable Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return HttpResponseStatus.REQUEST_URI_TOO_LONG;
    }
    return cause instanceof TooLongHttpHeaderException
        ? HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE
        : HttpResponseStatus.BAD_REQUEST;
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("metrics: a connection broke: {}", cause.getMessage());
    } else {
      LOG.error("metrics: a connection failed", cause);
    }
    close(ctx);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }
}
