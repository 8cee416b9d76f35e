package io.wgnetty.control;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.netty.buffer.ByteBuf;
import java.io.ByteArrayOutputStream;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/**
 * The answer to one management request, written on the thread of operations.
 *
 * <p>Goes to the client in pieces, one on its way at a time; whoever writes waits for it. So its
 * memory is bounded however slowly the client reads.
 */
final class OperationAnswer implements AnswerWriter {
  /** A piece is sent when it has so many bytes. */
  static final int PIECE_BYTES = 32 * 1024;

  /** For how many seconds an operation is at work already; clients only wait on. */
  static final String WORKING = "working";

  /** A line longer than this would be a defect of the operation. */
  private static final int MAX_LINE_CHARACTERS = 1 << 20;

  private final UapiConnection connection;
  private final ByteArrayOutputStream piece = new ByteArrayOutputStream(PIECE_BYTES + 1024);
  private CompletableFuture<Boolean> lastSent = CompletableFuture.completedFuture(true);
  private volatile boolean gone;
  private volatile boolean ended;

  OperationAnswer(UapiConnection connection) {
    this.connection = connection;
  }

  @Override
  public void line(String key, String value) throws OperationFailure {
    if (value.length() > MAX_LINE_CHARACTERS) {
      throw new IllegalArgumentException(key + " has " + value.length() + " characters");
    }
    append(key + "=" + oneLine(value) + "\n");
    if (piece.size() >= PIECE_BYTES) {
      send();
    }
  }

  private static String oneLine(String value) {
    return value.replace('\n', ' ').replace('\r', ' ');
  }

  private void append(String text) {
    piece.writeBytes(text.getBytes(UTF_8));
  }

  @Override
  public void flush() throws OperationFailure {
    if (piece.size() > 0) {
      send();
    } else if (gone) {
      throw readerGone();
    }
  }

  /** The client is gone: whoever writes is told with the next piece. */
  void discard() {
    gone = true;
  }

  boolean isGone() {
    return gone;
  }

  /**
   * Tells the client that its answer is still in the making, in a line of its own between two
   * pieces; on the control thread.
   */
  void sayWorking(long seconds) {
    // What is written behind the end would be the next answer.
    if (!ended && !gone) {
      String line = WORKING + "=" + seconds + "\n";
      ByteBuf bytes = connection.buffer(line.length());
      bytes.writeCharSequence(line, UTF_8);
      connection.send(bytes, sent -> {});
    }
  }

  /** Ends the answer and waits until it was sent. */
  void end(int errno) throws OperationFailure {
    append("errno=" + errno + "\n\n");
    ended = true;
    send();
    awaitSent();
  }

  private void send() throws OperationFailure {
    awaitSent();
    ByteBuf bytes = connection.buffer(piece.size());
    bytes.writeBytes(piece.toByteArray());
    piece.reset();
    var sent = new CompletableFuture<Boolean>();
    lastSent = sent;
    connection.sendFromAnywhere(bytes, sent::complete);
  }

  private void awaitSent() throws OperationFailure {
    try {
      if (!lastSent.get() || gone) {
        throw readerGone();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw readerGone();
    } catch (ExecutionException e) {
      throw new IllegalStateException("a delivery never fails", e);
    }
  }

  private static OperationFailure readerGone() {
    return new OperationFailure("the client is gone", Errno.EPIPE.inGetAnswer());
  }
}
