package io.wgnetty.control;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.unix.UnixChannel;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The answers of one connection on their way to its client, in order. Control thread only.
 *
 * <p>Writes past the channel, and asks a full socket again after a moment instead of having epoll
 * tell when it has room: the transport loses its registration of a socket whose client has shut its
 * sending side (EPOLL_CTL_MOD fails with ENOENT), which cut long answers off in the middle.
 */
final class AnswerStream {
  /** Takes bytes of answers, as a socket does. */
  interface Socket {
    /** Takes what it can from the reader index on; returns how much, 0 if it is full. */
    int write(Channel channel, ByteBuf bytes) throws IOException;
  }

  /** Hears what became of a piece. */
  interface Delivery {
    /** Sent, or not, because the connection ended before. */
    void ended(boolean sent);
  }

  /** A client that takes nothing for so long has forgotten us. */
  static final long MAX_STALL_NS = TimeUnit.SECONDS.toNanos(30);

  private static final long FIRST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long LONGEST_PAUSE_NS = TimeUnit.MILLISECONDS.toNanos(64);
  private static final Logger LOG = LoggerFactory.getLogger(AnswerStream.class);

  private record Piece(ByteBuf bytes, Delivery delivery) {
    /** Overwrites the bytes, which may be keys, before the memory is used for something else. */
    void release() {
      bytes.setZero(0, bytes.writerIndex());
      bytes.release();
    }
  }

  private final Channel channel;
  private final Socket socket;
  private final long maxStallNs;
  private final ArrayDeque<Piece> waiting = new ArrayDeque<>(2);
  private boolean flushing;
  private boolean pausing;
  private boolean closed;
  private long pauseNs = FIRST_PAUSE_NS;
  private long lastProgressNs;

  AnswerStream(Channel channel, Socket socket, long maxStallNs) {
    this.channel = channel;
    this.socket = socket;
    this.maxStallNs = maxStallNs;
  }

  /** The socket of a channel of the epoll transport. */
  static int writeDirectly(Channel channel, ByteBuf bytes) throws IOException {
    ByteBuffer view = bytes.nioBuffer();
    return ((UnixChannel) channel).fd().write(view, view.position(), view.limit());
  }

  boolean isEmpty() {
    return waiting.isEmpty();
  }

  /** Sends the bytes after all others; takes ownership and overwrites them. */
  void send(ByteBuf bytes, Delivery delivery) {
    var piece = new Piece(bytes, delivery);
    if (closed) {
      piece.release();
      delivery.ended(false);
      return;
    }
    if (waiting.isEmpty()) {
      lastProgressNs = System.nanoTime();
    }
    waiting.addLast(piece);
    if (!flushing && !pausing) {
      flush();
    }
  }

  private void flush() {
    flushing = true;
    try {
      Piece head = waiting.peekFirst();
      while (head != null) {
        if (head.bytes().isReadable() && !write(head.bytes())) {
          pause();
          return;
        }
        waiting.removeFirst();
        head.release();
        head.delivery().ended(true);
        head = waiting.peekFirst();
      }
    } catch (IOException e) {
      LOG.debug("UAPI connection broke: {}", e.getMessage());
      closeChannel();
    } finally {
      flushing = false;
    }
  }

  /** Writes what the socket takes; whether that was everything. */
  private boolean write(ByteBuf bytes) throws IOException {
    int written = socket.write(channel, bytes);
    bytes.skipBytes(written);
    if (written > 0) {
      lastProgressNs = System.nanoTime();
      pauseNs = FIRST_PAUSE_NS;
    }
    return !bytes.isReadable();
  }

  @SuppressWarnings("FutureReturnValueIgnored") // ends with the event loop
  private void pause() {
    if (System.nanoTime() - lastProgressNs >= maxStallNs) {
      LOG.warn("UAPI: closed a connection whose client did not read its answer");
      closeChannel();
      return;
    }
    pausing = true;
    channel.eventLoop().schedule(this::afterPause, pauseNs, TimeUnit.NANOSECONDS);
    pauseNs = Math.min(2 * pauseNs, LONGEST_PAUSE_NS);
  }

  private void afterPause() {
    pausing = false;
    if (!closed) {
      flush();
    }
  }

  @SuppressWarnings("FutureReturnValueIgnored") // nothing is left to do for a closed connection
  private void closeChannel() {
    close();
    channel.close();
  }

  /** Forgets what was not sent. */
  void close() {
    closed = true;
    Piece piece = waiting.pollFirst();
    while (piece != null) {
      piece.release();
      piece.delivery().ended(false);
      piece = waiting.pollFirst();
    }
  }
}
