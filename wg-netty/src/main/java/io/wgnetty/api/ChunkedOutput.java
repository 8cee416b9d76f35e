package io.wgnetty.api;

import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.concurrent.TimeUnit;

/** The content of an answer, piece by piece; one is on its way at a time. */
final class ChunkedOutput extends OutputStream {
  private static final int PIECE_BYTES = 16 * 1024;

  /** For a client to take a piece. */
  private static final long PATIENCE_SECONDS = 30;

  private final Channel channel;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream();
  private boolean closed;

  ChunkedOutput(Channel channel) {
    this.channel = channel;
  }

  @Override
  public void write(int b) throws IOException {
    piece.write(b);
    sendIfLong();
  }

  @Override
  public void write(byte[] bytes, int offset, int length) throws IOException {
    piece.write(bytes, offset, length);
    sendIfLong();
  }

  private void sendIfLong() throws IOException {
    if (piece.size() >= PIECE_BYTES) {
      flush();
    }
  }

  @Override
  public void flush() throws IOException {
    if (piece.size() == 0) {
      return;
    }
    var content = new DefaultHttpContent(Unpooled.wrappedBuffer(piece.toByteArray()));
    piece.reset();
    await(channel.writeAndFlush(content));
  }

  private static void await(ChannelFuture written) throws IOException {
    try {
      if (!written.await(PATIENCE_SECONDS, TimeUnit.SECONDS) || !written.isSuccess()) {
        throw new IOException("the client does not read");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("the client is gone", e);
    }
  }

  @Override
  public void close() throws IOException {
    if (!closed) {
      closed = true;
      try {
        flush();
      } finally {
        channel
            .writeAndFlush(LastHttpContent.EMPTY_LAST_CONTENT)
            .addListener(ChannelFutureListener.CLOSE);
      }
    }
  }
}
