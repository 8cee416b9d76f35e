package io.wgnetty.api;

import io.netty.channel.ChannelDuplexHandler;
import io.netty.channel.ChannelHandlerContext;
import io.netty.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Closes a connection whose client is to send something and does not, for longer than is usual
 * between two requests. A byte now and then buys no time. While an answer is made nobody waits for
 * the client.
 */
final class SilentClients extends ChannelDuplexHandler {
  private static final long REQUEST_SECONDS = 15;
  private static final long IDLE_SECONDS = 120;

  private boolean between;
  private @Nullable Future<?> pending;

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    allow(ctx, REQUEST_SECONDS);
    ctx.fireChannelActive();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (between) {
      between = false;
      allow(ctx, REQUEST_SECONDS);
    }
    ctx.fireChannelRead(message);
  }

  /** The request is whole. */
  void answering() {
    between = false;
    cancel();
  }

  /** The answer has left. */
  void answered(ChannelHandlerContext ctx) {
    between = true;
    allow(ctx, IDLE_SECONDS);
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    cancel();
    ctx.fireChannelInactive();
  }

  private void allow(ChannelHandlerContext ctx, long seconds) {
    cancel();
    pending = ctx.executor().schedule(() -> close(ctx), seconds, TimeUnit.SECONDS);
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
