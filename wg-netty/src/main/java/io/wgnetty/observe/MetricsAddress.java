package io.wgnetty.observe;

import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Where metrics are served: what {@code --metrics} says. */
public final class MetricsAddress {
  private static final String FORM =
      "PORT, ADDRESS:PORT or [IPV6]:PORT, such as 9586, 0.0.0.0:9586 or [::1]:9586";
  private static final int MAX_PORT = 65_535;

  private MetricsAddress() {}

  /**
   * Reads an address with a port, or a port alone, which is then on 127.0.0.1: who else may look is
   * to be said. Port 0 is any free one.
   *
   * @throws IllegalArgumentException if it is neither; the message says what would be right
   */
  public static InetSocketAddress parse(String text) {
    int colon = text.lastIndexOf(':');
    int port = port(text, text.substring(colon + 1));
    String host = colon < 0 ? "" : text.substring(0, colon);
    return new InetSocketAddress(host.isEmpty() ? loopback() : address(text, host), port);
  }

  private static int port(String text, String digits) {
    boolean number = !digits.isEmpty() && digits.chars().allMatch(c -> c >= '0' && c <= '9');
    if (!number || digits.length() > 5 || Integer.parseInt(digits) > MAX_PORT) {
      throw refused(text);
    }
    return Integer.parseInt(digits);
  }

  /** Literal addresses alone: a name may mean one address today and another tomorrow. */
  private static InetAddress address(String text, String host) {
    boolean bracketed = host.startsWith("[") && host.endsWith("]");
    if (!bracketed && host.contains(":")) {
      throw refused(text); // where does the address end?
    }
    if (host.equals("localhost")) {
      return loopback();
    }
    InetAddress read = literal(text, bracketed ? host.substring(1, host.length() - 1) : host);
    if (!bracketed && !read.getHostAddress().equals(host)) {
      throw refused(text); // 127.1 and other short forms: more likely a slip
    }
    return read;
  }

  private static InetAddress literal(String text, String host) {
    try {
      return InetAddress.ofLiteral(host);
    } catch (IllegalArgumentException e) {
      throw refused(text);
    }
  }

  private static InetAddress loopback() {
    return InetAddress.ofLiteral("127.0.0.1");
  }

  private static IllegalArgumentException refused(String text) {
    return new IllegalArgumentException("\"" + text + "\" is no address to listen on: " + FORM);
  }
}
