package io.wgnetty.observe;

import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection that takes too long for what it is at: to send a request, to take its answer,
 * or to come with the next one. A byte now and then does not buy time, so a slow client costs one
 * of the server's connections for a bounded time, and nothing else.
 */
public final class RequestDeadline extends ChannelInboundHandlerAdapter {
  /**
   * How long each step may take.
   *
   * @param requestMs from a request's first byte, or the connection's begin, to its last byte
   * @param answerMs from there until the answer has left; 0 for as long as it takes
   * @param idleMs between an answer and the next request: longer than usual scrape intervals
   */
  public record Limits(long requestMs, long answerMs, long idleMs) {
    static final Limits USUAL = new Limits(5_000, 20_000, 130_000);
  }

  private final Limits limits;
  private boolean idle;
  private @Nullable Future<?> pending;

  public RequestDeadline(Limits limits) {
    this.limits = limits;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    allow(ctx, limits.requestMs());
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object bytes) {
    if (idle) {
      idle = false;
      allow(ctx, limits.requestMs());
    }
    ctx.fireChannelRead(bytes);
  }

  /** The whole request is there; its answer has time now. */
  public void answering(ChannelHandlerContext ctx) {
    idle = false;
    if (limits.answerMs() == 0) {
      cancel();
    } else {
      allow(ctx, limits.answerMs());
    }
  }

  /** The answer has left; the next request may take its time. */
  public void answered(ChannelHandlerContext ctx) {
    idle = true;
    allow(ctx, limits.idleMs());
  }

  /** The last answer has left; the client may take it. */
  void closing(ChannelHandlerContext ctx) {
    idle = false;
    allow(ctx, limits.requestMs());
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  private void allow(ChannelHandlerContext ctx, long ms) {
    cancel();
    pending = ctx.executor().schedule(() -> close(ctx), ms, TimeUnit.MILLISECONDS);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private static void close(ChannelHandlerContext ctx) {
    ctx.close();
  }

  private void cancel() {
    if (pending != null) {
      pending.cancel(false);
      pending = null;
    }
  }
}
