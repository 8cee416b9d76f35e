package io.wgnetty.observe;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.util.function.Consumer;

/** Sends a content piece by piece, the next when the one before has left. */
final class PieceSender {
  /** So many take no longer than a whole other answer may. */
  private static final int PIECES_PER_DEADLINE = 16;

  private final ChannelHandlerContext ctx;
  private final AnswerPieces pieces;
  private final RequestDeadline deadline;
  private final Consumer<Boolean> end;
  private int sent;

  /**
   * @param end hears whether all of it has left
   */
  PieceSender(
      ChannelHandlerContext ctx,
      AnswerPieces pieces,
      RequestDeadline deadline,
      Consumer<Boolean> end) {
    this.ctx = ctx;
    this.pieces = pieces;
    this.deadline = deadline;
    this.end = end;
  }

  void send() {
    if (!pieces.hasNext()) {
      end();
      return;
    }
    if (sent++ % PIECES_PER_DEADLINE == 0) {
      deadline.answering(ctx);
    }
    var piece = new DefaultHttpContent(Unpooled.copiedBuffer(next(), UTF_8));
    ctx.writeAndFlush(piece)
        .addListener(
            written -> {
              if (written.isSuccess()) {
                send();
              } else {
                pieces.close();
                end.accept(false);
              }
            });
  }

  /** No piece more. */
  void end() {
    pieces.close();
    ctx.writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
        .addListener(written -> end.accept(written.isSuccess()));
  }

  private String next() {
    try {
      return pieces.next();
    } catch (RuntimeException e) {
      pieces.close();
      throw e;
    }
  }
}
