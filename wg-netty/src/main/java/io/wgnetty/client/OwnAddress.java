package io.wgnetty.client;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** The address under which this machine probably is reached: that of its default route. */
public final class OwnAddress {
  /** Far away addresses (documentation, RFC 5737 and 3849); nothing is sent to them. */
  private static final String[] FAR_AWAY = {"192.0.2.1", "2001:db8::1"};

  private static final int DISCARD_PORT = 9;

  private OwnAddress() {}

  /** The address that datagrams to far away leave from; null if there is no way there. */
  public static @Nullable InetAddress find() {
    for (String far : FAR_AWAY) {
      InetAddress own = towards(far);
      if (own != null) {
        return own;
      }
    }
    return null;
  }

  private static @Nullable InetAddress towards(String far) {
    try (var socket = new DatagramSocket()) {
      // The kernel looks up the route and settles the source; no packet leaves.
      socket.connect(new InetSocketAddress(InetAddress.ofLiteral(far), DISCARD_PORT));
      InetAddress own = socket.getLocalAddress();
      return own == null || own.isAnyLocalAddress() || own.isLoopbackAddress() ? null : own;
    } catch (IOException | UncheckedIOException e) {
      return null; // no way there
    }
  }
}
