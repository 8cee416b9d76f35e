package io.wgnetty.control;

import io.wgnetty.crypto.X25519;
import io.wgnetty.device.DeviceControl;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/** A {@code set=1}: holds the turn at the device from its first line to its last. */
final class SetExchange implements Exchange {
  private static final Logger LOG = LoggerFactory.getLogger(SetExchange.class);

  private final UapiConnection connection;
  private final DeviceControl device;
  private final X25519 x25519;

  /** Null while another connection has the device, and when the answer was given. */
  private @Nullable SetRequest request;

  SetExchange(UapiConnection connection, DeviceControl device, X25519 x25519) {
    this.connection = connection;
    this.device = device;
    this.x25519 = x25519;
  }

  void begin() {
    if (connection.takeTurn()) {
      turnCame();
    }
  }

  @Override
  public void turnCame() {
    request = new SetRequest(device, x25519);
  }

  @Override
  public boolean wantsLine() {
    return request != null;
  }

  @Override
  public void line(UapiLine line) {
    SetRequest set = request;
    if (set == null) {
      throw new IllegalStateException("a line of a set that does not have the device");
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
          // A port that cannot be had is a thing to know; a bad value is its sender's to know.
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
    connection.answer(errno.inSetAnswer());
    connection.leaveTurn();
    connection.ended(last);
  }

  @Override
  public void abort(Errno errno) {
    SetRequest set = request;
    if (set != null) {
      try {
        set.end();
      } catch (RuntimeException e) {
        LOG.error("UAPI set: the device failed", e);
      }
    }
    connection.answer(errno.inSetAnswer());
  }

  @Override
  public void discard() {
    if (request != null) {
      request.discard();
      request = null;
    }
  }
}
