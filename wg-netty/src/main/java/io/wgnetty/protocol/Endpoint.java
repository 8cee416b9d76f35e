package io.wgnetty.protocol;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is: an IPv4 or IPv6 address and a UDP port.
 *
 * <p>An immutable value. Names are never resolved: configuration brings numeric addresses only.
 */
public final class Endpoint {
  private final byte[] address;
  private final int port;
  private final int scopeId;
  private final InetSocketAddress socketAddress;

  private Endpoint(byte[] address, int port, int scopeId, InetSocketAddress socketAddress) {
    this.address = address;
    this.port = port;
    this.scopeId = scopeId;
    this.socketAddress = socketAddress;
  }

  /**
   * An endpoint from 4 or 16 address bytes; {@code scopeId} matters for IPv6 link-local only, 0 is
   * none.
   */
  public static Endpoint of(byte[] address, int port, int scopeId) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    try {
      // Inet6Address.getByAddress keeps a v4-mapped address what it is: an IPv6 address.
      InetAddress inet =
          address.length == 16
              ? Inet6Address.getByAddress(null, address, scopeId)
              : InetAddress.getByAddress(address);
      return new Endpoint(address.clone(), port, scopeId, new InetSocketAddress(inet, port));
    } catch (UnknownHostException e) {
      throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length, e);
    }
  }

  /** The endpoint that a socket reports. */
  public static Endpoint of(InetSocketAddress socketAddress) {
    InetAddress inet = socketAddress.getAddress();
    if (inet == null) {
      throw new IllegalArgumentException("a name is not an endpoint: " + socketAddress);
    }
    int scopeId = inet instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    return new Endpoint(inet.getAddress(), socketAddress.getPort(), scopeId, socketAddress);
  }

  public boolean isIpv6() {
    return address.length == 16;
  }

  /** A copy of the 4 or 16 address bytes. */
  public byte[] addressBytes() {
    return address.clone();
  }

  /**
   * The network that the rate limiter counts: all of an IPv4 address, the upper half of an IPv6
   * one.
   */
  long network() {
    int bytes = isIpv6() ? Long.BYTES : Integer.BYTES;
    long network = 0;
    for (int i = 0; i < bytes; i++) {
      network = network << 8 | (address[i] & 0xff);
    }
    return network;
  }

  public int port() {
    return port;
  }

  public int scopeId() {
    return scopeId;
  }

  public InetSocketAddress toSocketAddress() {
    return socketAddress;
  }

  /** Address bytes then port, big-endian: what a cookie is bound to (protocol 2.6). */
  public byte[] sourceBytes() {
    byte[] bytes = Arrays.copyOf(address, address.length + 2);
    bytes[address.length] = (byte) (port >>> 8);
    bytes[address.length + 1] = (byte) port;
    return bytes;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Endpoint that
        && port == that.port
        && scopeId == that.scopeId
        && Arrays.equals(address, that.address);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(address) * 31 + port;
  }

  /** {@code 192.0.2.1:51820} or {@code [2001:db8::1]:51820}, as {@code wg} prints it. */
  @Override
  public String toString() {
    if (!isIpv6()) {
      return socketAddress.getAddress().getHostAddress() + ":" + port;
    }
    return "[" + IpText.ipv6(address) + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port;
  }
}
