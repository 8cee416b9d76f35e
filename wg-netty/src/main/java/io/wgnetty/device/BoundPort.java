package io.wgnetty.device;

import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpPortException;
import io.wgnetty.udp.UdpSettings;
import io.wgnetty.udp.UdpSocket;
import java.io.IOException;
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
   * Binds both sockets and starts reading them; {@code port} 0 chooses any that is free in both
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
    try {
      v6 = UdpSocket.hasIpv6() ? UdpSocket.open(true, v4.port(), settings) : null;
    } catch (IOException | RuntimeException e) {
      v4.close();
      throw e;
    }
    return new BoundPort(owner.register(v4), v6 == null ? null : owner.register(v6), v4.port());
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

  void close() {
    v4.close().syncUninterruptibly();
    if (v6 != null) {
      v6.close().syncUninterruptibly();
    }
  }
}
