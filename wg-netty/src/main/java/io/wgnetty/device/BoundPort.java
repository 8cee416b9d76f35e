package io.wgnetty.device;

import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpPortException;
import io.wgnetty.udp.UdpSettings;
import io.wgnetty.udp.UdpSocket;
import java.io.IOException;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A loop's IPv4 and IPv6 socket on the same port (protocol 4.4). A host without IPv6 has the first
 * only.
 *
 * @param port the port that both are bound to
 */
record BoundPort(UdpChannel v4, @Nullable UdpChannel v6, int port) {
  /** A free port of one family may be taken in the other: try again this often. */
  private static final int MAX_TRIES = 100;

  /**
   * Binds both sockets, which nobody reads yet; {@code port} 0 chooses any that is free in both
   * families.
   *
   * @throws IOException if the port is in use, or an option is refused
   */
  static BoundPort bind(SocketOwner owner, int port, UdpSettings settings) throws IOException {
    IOException last = new IOException("no free UDP port");
    for (int i = 0; i < (port == 0 ? MAX_TRIES : 1); i++) {
      try {
        return bindOnce(owner, port, settings);
      } catch (UdpPortException e) {
        last = e;
      }
    }
    throw last;
  }

  private static BoundPort bindOnce(SocketOwner owner, int port, UdpSettings settings)
      throws IOException {
    UdpSocket v4 = UdpSocket.open(false, port, settings);
    UdpSocket v6 = null;
    UdpChannel first = null;
    try {
      v6 = UdpSocket.hasIpv6() ? UdpSocket.open(true, v4.port(), settings) : null;
      first = owner.register(v4);
      return new BoundPort(first, v6 == null ? null : owner.register(v6), v4.port());
    } catch (Throwable e) { // also when memory is short
      if (first != null) {
        first.close().awaitUninterruptibly();
      }
      v4.close();
      if (v6 != null) {
        v6.close();
      }
      throw e;
    }
  }

  /**
   * Takes over sockets that another process has bound; nobody of this one reads them yet.
   *
   * @param fds of IPv4, and of IPv6 if there is that
   * @throws IOException if they are not that
   */
  static BoundPort adopt(SocketOwner owner, List<Integer> fds, UdpSettings settings)
      throws IOException {
    UdpSocket v4 = UdpSocket.adopt(fds.getFirst(), false, settings);
    UdpSocket v6 = fds.size() == 1 ? null : UdpSocket.adopt(fds.get(1), true, settings);
    if (v6 != null && v6.port() != v4.port()) {
      throw new IOException("sockets of two families have two ports");
    }
    UdpChannel first = owner.register(v4);
    return new BoundPort(first, v6 == null ? null : owner.register(v6), v4.port());
  }

  /** Their descriptors, that of IPv4 first. */
  List<Integer> fds() {
    return v6 == null ? List.of(v4.socket().fd()) : List.of(v4.socket().fd(), v6.socket().fd());
  }

  /** Reads the sockets from now on, what was set aside first. On the loop's thread. */
  void startReading() {
    each(
        channel -> {
          channel.readAside();
          channel.config().setAutoRead(true);
        });
  }

  /** Reads them no more; what still waits to be sent goes on. On the loop's thread. */
  void stopReading() {
    each(channel -> channel.config().setAutoRead(false));
  }

  /** Reads them no more; what still waited to be sent is refused. On the loop's thread. */
  void fallSilent() {
    each(
        channel -> {
          channel.config().setAutoRead(false);
          channel.refusePending();
        });
  }

  /** Reads what has come by now. On the loop's thread. */
  void readRest() {
    each(UdpChannel::readRest);
  }

  /**
   * Sets aside what has come by now, and throws away what was set aside before. On the loop's
   * thread.
   */
  void setAside() {
    each(UdpChannel::setAside);
  }

  private void each(Consumer<UdpChannel> action) {
    action.accept(v4);
    if (v6 != null) {
      action.accept(v6);
    }
  }

  /** Lets further sockets of ours share this port from now on. */
  void share() throws IOException {
    v4.socket().share();
    if (v6 != null) {
      v6.socket().share();
    }
  }

  /** Sets the mark of what is sent from now on; 0 is none. */
  void setMark(int fwmark) throws IOException {
    v4.socket().setMark(fwmark);
    if (v6 != null) {
      v6.socket().setMark(fwmark);
    }
  }

  /** Closes the sockets alone: their channels' loop does not answer. */
  void abandon() {
    each(channel -> channel.socket().close());
  }

  void close() {
    v4.close().syncUninterruptibly();
    if (v6 != null) {
      v6.close().syncUninterruptibly();
    }
  }
}
