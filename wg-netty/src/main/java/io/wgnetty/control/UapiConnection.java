package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import io.wgnetty.crypto.X25519;
import io.wgnetty.device.DeviceControl;
import java.io.IOException;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * One client of the UAPI socket: reads its requests one after the other and answers them in order.
 *
 * <p>Reads only when it can go on: not while a get is being written, not while another connection
 * has its turn at the device, and not while earlier answers wait to be read. So a connection needs
 * the same memory whatever is sent through it.
 *
 * <p>An error is answered at once, and the rest of that request up to its empty line is read and
 * ignored: a client that writes its whole request first gets the answer instead of a broken pipe,
 * and the next request of the connection starts where it should.
 */
final class UapiConnection extends ChannelInboundHandlerAdapter implements RequestTurns.Holder {
  private static final Logger LOG = LoggerFactory.getLogger(UapiConnection.class);

  /** A get is written in pieces of this size, one on its way at a time. */
  static final int PIECE_BYTES = 32 * 1024;

  private enum State {
    /** Between requests. */
    FIRST_LINE,
    /** {@code set=1} was read, another connection has the device. */
    SET_WAITS,
    SET,
    /** {@code get=1} was read, its empty line not yet. */
    GET_LINE,
    /** The get is complete, another connection has the device. */
    GET_WAITS,
    GET_WRITES,
    /** Ignores the rest of a request that failed. */
    SKIP,
    CLOSED
  }

  private final DeviceControl device;
  private final X25519 x25519;
  private final RequestTurns turns;
  private final UapiLineDecoder decoder = new UapiLineDecoder();
  private final ArrayDeque<ByteBuf> input = new ArrayDeque<>(2);
  private State state = State.FIRST_LINE;
  private @Nullable SetRequest request;
  private boolean processing;
  private boolean inputEnded;
  private long lastInputNs;
  private @Nullable ChannelHandlerContext context;

  UapiConnection(DeviceControl device, X25519 x25519, RequestTurns turns) {
    this.device = device;
    this.x25519 = x25519;
    this.turns = turns;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    context = ctx;
    lastInputNs = System.nanoTime();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (state == State.CLOSED) {
      release((ByteBuf) message);
      return;
    }
    input.addLast((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    process(ctx);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext ctx) {
    process(ctx);
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      process(ctx);
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    forget();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (cause instanceof IOException) {
      LOG.debug("UAPI connection broke: {}", cause.getMessage());
    } else {
      LOG.error("UAPI connection failed", cause);
    }
    close(ctx);
  }

  @Override
  public long lastInputNs() {
    return lastInputNs;
  }

  @Override
  public void turnCame() {
    ChannelHandlerContext ctx = context;
    if (ctx == null) {
      turns.leave(this);
      return;
    }
    // As a task: the one that leaves is still in the middle of its own work.
    ctx.executor()
        .execute(
            () -> {
              if (state == State.SET_WAITS) {
                beginSet();
              } else if (state == State.GET_WAITS) {
                beginGet(ctx);
              }
              process(ctx);
            });
  }

  @Override
  public void loseTurn() {
    LOG.warn("UAPI: closed a connection that stopped in the middle of a set while others waited");
    if (context != null) {
      close(context);
    }
  }

  /** Goes on as far as it can. */
  private void process(ChannelHandlerContext ctx) {
    if (processing) {
      return;
    }
    processing = true;
    try {
      consumeInput(ctx);
    } finally {
      processing = false;
      // The device may have taken its time: that is not this client's silence.
      lastInputNs = System.nanoTime();
    }
    if (!canRead(ctx) || !input.isEmpty()) {
      return;
    }
    if (inputEnded) {
      // Behind the last answer; a request that was not whole has no further effect.
      ctx.writeAndFlush(ctx.alloc().buffer(0)).addListener(ChannelFutureListener.CLOSE);
      forget();
    } else {
      ctx.read();
    }
  }

  private void consumeInput(ChannelHandlerContext ctx) {
    ByteBuf head = input.peekFirst();
    while (head != null) {
      try {
        while (canRead(ctx) && decoder.readLine(head)) {
          line(ctx, decoder.line());
        }
      } catch (RequestException e) {
        LOG.debug("UAPI: {}; connection closed", e.getMessage());
        failAndClose(ctx, e.errno());
      }
      if (state == State.CLOSED || head.isReadable()) {
        return;
      }
      release(input.removeFirst());
      head = input.peekFirst();
    }
  }

  private boolean canRead(ChannelHandlerContext ctx) {
    return switch (state) {
      case FIRST_LINE -> ctx.channel().isWritable();
      case SET, GET_LINE, SKIP -> true;
      case SET_WAITS, GET_WAITS, GET_WRITES, CLOSED -> false;
    };
  }

  private void line(ChannelHandlerContext ctx, UapiLine line) {
    switch (state) {
      case FIRST_LINE -> firstLine(ctx, line);
      case SET -> setLine(ctx, line);
      case GET_LINE -> getLine(ctx, line);
      case SKIP -> {
        if (line.isEmpty()) {
          state = State.FIRST_LINE;
        }
      }
      default -> throw new IllegalStateException("a line while " + state);
    }
  }

  private void firstLine(ChannelHandlerContext ctx, UapiLine line) {
    if (line.contentEquals("set=1")) {
      state = State.SET_WAITS;
      if (turns.take(this, ctx.channel().eventLoop())) {
        beginSet();
      }
    } else if (line.contentEquals("get=1")) {
      state = State.GET_LINE;
    } else {
      LOG.debug("UAPI: a request begins neither with get=1 nor with set=1; connection closed");
      close(ctx);
    }
  }

  private void beginSet() {
    state = State.SET;
    lastInputNs = System.nanoTime();
    request = new SetRequest(device, x25519);
  }

  private void setLine(ChannelHandlerContext ctx, UapiLine line) {
    SetRequest set = request;
    if (set == null) {
      throw new IllegalStateException("a set without a request");
    }
    Errno errno = Errno.NONE;
    boolean last = line.isEmpty();
    try {
      if (last) {
        set.end();
      } else {
        try {
          set.line(line);
          return;
        } catch (RequestException e) {
          LOG.atLevel(e.errno() == Errno.EACCES ? Level.WARN : Level.DEBUG)
              .log("UAPI set failed: {}", e.getMessage());
          errno = e.errno();
          set.end(); // what stands before the error stays
        }
      }
    } catch (RuntimeException e) {
      LOG.error("UAPI set: the device failed", e);
      errno = Errno.EIO;
      set.discard();
    }
    request = null;
    state = last ? State.FIRST_LINE : State.SKIP;
    answer(ctx, errno.inSetAnswer());
    turns.leave(this);
  }

  private void getLine(ChannelHandlerContext ctx, UapiLine line) {
    if (!line.isEmpty()) {
      LOG.debug("UAPI get failed: it has no keys");
      state = State.SKIP;
      answer(ctx, Errno.EINVAL.inGetAnswer());
      return;
    }
    state = State.GET_WAITS;
    if (turns.take(this, ctx.channel().eventLoop())) {
      beginGet(ctx);
    }
  }

  private void beginGet(ChannelHandlerContext ctx) {
    state = State.GET_WRITES;
    GetResponse response;
    try {
      response = new GetResponse(device);
    } catch (RuntimeException e) {
      LOG.error("UAPI get: the device failed", e);
      state = State.FIRST_LINE;
      answer(ctx, Errno.EIO.inGetAnswer());
      return;
    } finally {
      // A slow reader must not keep others from the device.
      turns.leave(this);
    }
    writePiece(ctx, response);
  }

  /** Writes one piece; the next one when the socket has taken it. */
  private void writePiece(ChannelHandlerContext ctx, GetResponse response) {
    ByteBuf piece = ctx.alloc().directBuffer(PIECE_BYTES + PIECE_BYTES / 16);
    try {
      response.writeTo(piece, PIECE_BYTES);
    } catch (RuntimeException e) {
      LOG.error("UAPI get: the device failed", e);
      response.fail(piece, Errno.EIO);
    }
    // Kept until it was sent, because it holds keys and must be overwritten.
    ctx.writeAndFlush(piece.retain())
        .addListener(
            future -> {
              release(piece);
              if (!future.isSuccess()) {
                close(ctx);
              } else if (!response.isDone()) {
                // As a task: other connections get their share between two pieces.
                ctx.executor().execute(() -> continueGet(ctx, response));
              } else if (state == State.GET_WRITES) {
                state = State.FIRST_LINE;
                process(ctx);
              }
            });
  }

  private void continueGet(ChannelHandlerContext ctx, GetResponse response) {
    if (state == State.GET_WRITES) {
      writePiece(ctx, response);
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // a void promise: failures reach exceptionCaught
  private static void answer(ChannelHandlerContext ctx, int errno) {
    ByteBuf answer = ctx.alloc().buffer(16);
    answer.writeCharSequence("errno=" + errno + "\n\n", US_ASCII);
    ctx.writeAndFlush(answer, ctx.voidPromise());
  }

  private void failAndClose(ChannelHandlerContext ctx, Errno errno) {
    SetRequest set = request;
    boolean answered = state != State.SET && state != State.GET_LINE;
    int number = state == State.GET_LINE ? errno.inGetAnswer() : errno.inSetAnswer();
    if (set != null) {
      try {
        set.end();
      } catch (RuntimeException e) {
        LOG.error("UAPI set: the device failed", e);
      }
    }
    if (!answered) {
      answer(ctx, number);
    }
    close(ctx);
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void close(ChannelHandlerContext ctx) {
    forget();
    ctx.close();
  }

  /** Lets go of everything: nothing of this connection has an effect any more. */
  private void forget() {
    state = State.CLOSED;
    if (request != null) {
      request.discard();
      request = null;
    }
    decoder.wipe();
    input.forEach(UapiConnection::release);
    input.clear();
    turns.leave(this);
  }

  /** Overwrites the bytes, which may be keys, before the memory is used for something else. */
  private static void release(ByteBuf bytes) {
    bytes.setZero(0, bytes.writerIndex());
    bytes.release();
  }
}
