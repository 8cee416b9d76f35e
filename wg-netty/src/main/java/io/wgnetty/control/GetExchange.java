package io.wgnetty.control;

import io.netty.buffer.ByteBuf;
import io.wgnetty.device.DeviceControl;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A {@code get=1}: needs the device for a moment, then writes as fast as the client reads. */
final class GetExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(GetExchange.class);

  /** The answer is written in pieces of this size, one on its way at a time. */
  static final int PIECE_BYTES = 32 * 1024;

  private final UapiConnection connection;
  private final DeviceControl device;
  private boolean whole;

  GetExchange(UapiConnection connection, DeviceControl device) {
    this.connection = connection;
    this.device = device;
  }

  @Override
  public boolean wantsLine() {
    return !whole;
  }

  @Override
  public boolean onlyReads() {
    return true;
  }

  @Override
  public void line(UapiLine line) {
    if (!line.isEmpty()) {
      LOG.debug("UAPI get failed: it has no keys");
      connection.answer(Errno.EINVAL.inGetAnswer());
      connection.ended(false);
      return;
    }
    whole = true;
    if (connection.takeTurn()) {
      turnCame();
    }
  }

  @Override
  public void turnCame() {
    GetResponse response;
    try {
      response = new GetResponse(device);
    } catch (RuntimeException e) {
      LOG.error("UAPI get: the device failed", e);
      connection.answer(Errno.EIO.inGetAnswer());
      connection.ended(true);
      return;
    } finally {
      // A slow reader must not keep others from the device.
      connection.leaveTurn();
    }
    writePiece(response);
  }

  /** Writes one piece; the next one when the socket has taken it. */
  private void writePiece(GetResponse response) {
    ByteBuf piece = connection.buffer(PIECE_BYTES + PIECE_BYTES / 16);
    try {
      response.writeTo(piece, PIECE_BYTES);
    } catch (RuntimeException e) {
      LOG.error("UAPI get: the device failed", e);
      response.fail(piece, Errno.EIO);
    }
    connection.send(
        piece,
        sent -> {
          if (sent && response.isDone()) {
            connection.ended(true);
          } else if (sent) {
            // As a task: other connections get their share between two pieces.
            connection.execute(() -> writePiece(response));
          }
        });
  }

  @Override
  public void abort(Errno errno) {
    connection.answer(errno.inGetAnswer());
  }

  @Override
  public void discard() {
    // Nothing is kept: the pieces belong to the stream of answers.
  }
}
