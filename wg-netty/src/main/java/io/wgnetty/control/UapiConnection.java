package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.ChannelInputShutdownEvent;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client of the UAPI socket: reads its requests one after the other and has them answered in
 * order, each by its {@link Exchange}.
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

  private final Channel channel;
  private final Exchanges exchanges;
  private final RequestTurns turns;
  private final AnswerStream answers;
  private final UapiLineDecoder decoder = new UapiLineDecoder();
  private final ArrayDeque<ByteBuf> input = new ArrayDeque<>(2);

  /** The request that is being read or answered; null between requests. */
  private @Nullable Exchange exchange;

  /** The rest of a request that was answered already is ignored. */
  private boolean skipping;

  private boolean closed;
  private boolean processing;
  private boolean inputEnded;
  private long lastInputNs;

  UapiConnection(
      Channel channel, Exchanges exchanges, RequestTurns turns, AnswerStream.Socket socket) {
    this.channel = channel;
    this.exchanges = exchanges;
    this.turns = turns;
    this.answers = new AnswerStream(channel, socket, AnswerStream.MAX_STALL_NS);
  }

  @Override
  public void handlerAdded(ChannelHandlerContext ctx) {
    lastInputNs = System.nanoTime();
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    ctx.read();
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    if (closed) {
      release((ByteBuf) message);
      return;
    }
    input.addLast((ByteBuf) message);
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    process();
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof ChannelInputShutdownEvent) {
      inputEnded = true;
      process();
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
    close();
  }

  @Override
  public long lastInputNs() {
    // While it is us who work, the client is not silent.
    return exchange != null && !exchange.wantsLine() ? System.nanoTime() : lastInputNs;
  }

  @Override
  public void turnCame() {
    // As a task: the one that leaves is still in the middle of its own work.
    execute(
        () -> {
          Exchange waiting = exchange;
          if (waiting == null) {
            turns.leave(this);
            return;
          }
          lastInputNs = System.nanoTime();
          waiting.turnCame();
          process();
        });
  }

  @Override
  public boolean onlyReads() {
    return exchange != null && exchange.onlyReads();
  }

  @Override
  public void loseTurn() {
    LOG.warn("UAPI: closed a connection that stopped in the middle of a set while others waited");
    close();
  }

  /** Goes on as far as it can. */
  private void process() {
    if (processing || closed) {
      return;
    }
    processing = true;
    try {
      consumeInput();
    } finally {
      processing = false;
      // The device may have taken its time: that is not this client's silence.
      lastInputNs = System.nanoTime();
    }
    if (closed || !canRead() || !input.isEmpty()) {
      return;
    }
    if (inputEnded) {
      // Behind the last answer; a request that was not whole has no further effect.
      closeBehindAnswers();
    } else {
      channel.read();
    }
  }

  private void consumeInput() {
    ByteBuf head = input.peekFirst();
    while (head != null) {
      try {
        while (canRead() && decoder.readLine(head)) {
          line(decoder.line());
        }
      } catch (RequestException e) {
        LOG.debug("UAPI: {}; connection closed", e.getMessage());
        abort(e.errno());
      }
      if (closed || head.isReadable()) {
        return;
      }
      release(input.removeFirst());
      head = input.peekFirst();
    }
  }

  private boolean canRead() {
    if (closed) {
      return false;
    }
    Exchange current = exchange;
    return current == null ? skipping || answers.isEmpty() : current.wantsLine();
  }

  private void line(UapiLine line) {
    Exchange current = exchange;
    if (current != null) {
      current.line(line);
    } else if (skipping) {
      skipping = !line.isEmpty();
    } else if (!exchanges.begin(this, line)) {
      LOG.debug("UAPI: a request that begins neither with get=1 nor with set=1 nor with do=");
      close();
    }
  }

  /** The request from here on: what its lines and turns go to. */
  void begin(Exchange begun) {
    exchange = begun;
    lastInputNs = System.nanoTime();
  }

  /** The request was answered; if it was not read to its end, the rest is ignored. */
  void ended(boolean whole) {
    if (closed) {
      return;
    }
    exchange = null;
    skipping = !whole;
    if (!processing) {
      process();
    }
  }

  /** Asks for the turn at the device; if it is not there yet, {@link Exchange#turnCame} follows. */
  boolean takeTurn() {
    return turns.take(this, channel.eventLoop());
  }

  void leaveTurn() {
    turns.leave(this);
  }

  /** A buffer for a piece of an answer; {@link #send} takes it. */
  ByteBuf buffer(int capacity) {
    return channel.alloc().directBuffer(capacity);
  }

  void send(ByteBuf piece, AnswerStream.Delivery delivery) {
    answers.send(piece, delivery);
  }

  /** Whether all that was answered so far is in the client's hands. */
  boolean isRead() {
    return answers.isEmpty();
  }

  /** Does something again and again on the control thread, until it is cancelled. */
  ScheduledFuture<?> every(long seconds, Runnable task) {
    return channel.eventLoop().scheduleAtFixedRate(task, seconds, seconds, TimeUnit.SECONDS);
  }

  /** {@link #send} from any thread. */
  void sendFromAnywhere(ByteBuf piece, AnswerStream.Delivery delivery) {
    try {
      channel.eventLoop().execute(() -> answers.send(piece, delivery));
    } catch (RejectedExecutionException e) {
      release(piece);
      delivery.ended(false);
    }
  }

  /** The answer that is a number only. */
  void answer(int errno) {
    ByteBuf answer = buffer(16);
    answer.writeCharSequence("errno=" + errno + "\n\n", US_ASCII);
    send(answer, sent -> goOn());
  }

  /** Reads on, if it can: an answer was taken. */
  void goOn() {
    if (!processing) {
      process();
    }
  }

  /** Does something on the control thread, if the connection is still there by then. */
  void execute(Runnable task) {
    try {
      channel
          .eventLoop()
          .execute(
              () -> {
                if (!closed) {
                  task.run();
                }
              });
    } catch (RejectedExecutionException e) {
      LOG.debug("a request was still at work when its node ended");
    }
  }

  private void abort(Errno errno) {
    Exchange current = exchange;
    exchange = null;
    if (current != null) {
      current.abort(errno);
    }
    closeBehindAnswers();
  }

  private void closeBehindAnswers() {
    forgetRequest();
    answers.send(buffer(0), sent -> close());
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void close() {
    forget();
    channel.close();
  }

  /** Lets go of everything: nothing of this connection has an effect any more. */
  private void forget() {
    forgetRequest();
    answers.close();
  }

  private void forgetRequest() {
    closed = true;
    if (exchange != null) {
      exchange.discard();
      exchange = null;
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
