package io.wgnetty.device;

import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * An interface's UDP port: bound while the link is up, and given back when it goes down (protocol
 * 3.8). Called by one thread at a time.
 */
final class DevicePort implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(DevicePort.class);

  private final String interfaceName;
  private final DataLoops loops;
  private final UdpSettings settings;

  private @Nullable SocketGroup bound;
  private int listenPort;
  private int fwmark;
  private boolean linkUp;

  /**
   * Set while we know the link to be up and older news, that it is down, may still be under way.
   */
  private boolean awaitsNewsOfUp;

  /** Any port and no mark, not bound yet. */
  DevicePort(String interfaceName, DataLoops loops, UdpSettings settings) {
    this.interfaceName = interfaceName;
    this.loops = loops;
    this.settings = settings;
  }

  /** The port's number; 0 if none was asked for and none has been bound yet. */
  int number() {
    SocketGroup sockets = bound;
    return sockets == null ? listenPort : sockets.port();
  }

  int fwmark() {
    return fwmark;
  }

  /**
   * Takes another port; 0 is any.
   *
   * @throws IOException if it is taken; the one before stays bound then
   */
  void setNumber(int port) throws IOException {
    SocketGroup old = bound;
    if (old == null) {
      listenPort = port;
      if (linkUp) {
        bind(); // the port that was asked for before was taken
      }
      return;
    }
    if (port != 0 && port == old.port()) {
      listenPort = port;
      return;
    }
    SocketGroup fresh = SocketGroup.bind(loops.all(), port, marked());
    listenPort = port;
    bound = fresh;
    loops.each(loop -> loop.exchange(fresh.of(loop.shard())));
    old.close();
    LOG.info("interface {}: UDP port {}", interfaceName, fresh.port());
  }

  /** Marks all that is sent from now on. */
  void setFwmark(int mark) throws IOException {
    if (bound != null) {
      bound.setMark(mark);
    }
    fwmark = mark;
    loops.each(loop -> loop.shard().dropLocalAddresses()); // routes may be others now
  }

  /**
   * The caller has set the link up, and does not wait for news of it.
   *
   * @throws IOException if the port can not be bound
   */
  void bringUp() throws IOException {
    if (bound != null) {
      return;
    }
    bind();
    awaitsNewsOfUp = !linkUp;
    linkUp = true;
  }

  /** News of the link. */
  void linkChanged(boolean up) {
    if (awaitsNewsOfUp && !up) {
      return; // from before bringUp
    }
    awaitsNewsOfUp = false;
    linkUp = up;
    if (up && bound == null) {
      tryToBind();
    } else if (!up) {
      release();
    }
  }

  private void bind() throws IOException {
    SocketGroup fresh = SocketGroup.bind(loops.all(), listenPort, marked());
    bound = fresh;
    loops.each(loop -> loop.up(fresh.of(loop.shard())));
    LOG.info("interface {} is up, UDP port {}", interfaceName, fresh.port());
  }

  private UdpSettings marked() {
    return settings.withFwmark(fwmark);
  }

  private void tryToBind() {
    try {
      bind();
    } catch (IOException e) {
      // The next change of the link or of the port tries again.
      LOG.error("interface {} can not receive: {}", interfaceName, e.getMessage());
    }
  }

  private void release() {
    SocketGroup old = bound;
    if (old == null) {
      return;
    }
    bound = null;
    loops.each(DataLoop::down);
    // The port that was chosen at random stays ours, as with the kernel.
    listenPort = old.port();
    old.close();
    LOG.info("interface {} is down", interfaceName);
  }

  @Override
  public void close() {
    release();
  }
}
