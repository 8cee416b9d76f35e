package io.wgnetty.protocol;

import io.wgnetty.state.MalformedStateException;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Where a peer is: an IPv4 or IPv6 address and a UDP port; and, if a datagram came from there, the
 * address of ours that it was sent to.
 *
 * <p>An immutable value. Names are never resolved: configuration brings numeric addresses only.
 */
public final class Endpoint {
  private static final int IPV4_BYTES = Integer.BYTES;
  private static final int IPV6_BYTES = 2 * Long.BYTES;

  static final int MAX_SOURCE_BYTES = IPV6_BYTES + Short.BYTES;

  private static final VarHandle INTS =
      MethodHandles.byteArrayViewVarHandle(int[].class, ByteOrder.BIG_ENDIAN);
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);

  /** What stands between 80 zero bits and an IPv4 address that is written as IPv6 (RFC 4291). */
  private static final long MAPPED_IPV4 = 0xffff;

  private final boolean ipv6;
  private final long high;
  private final long low;
  private final int port;
  private final int scopeId;
  private final @Nullable LocalAddress local;
  private final int hash;

  /** Made when first asked for; whoever makes it twice makes the same. */
  private @Nullable InetSocketAddress socketAddress;

  private Endpoint(boolean ipv6, long high, long low, int port, int scopeId) {
    this.ipv6 = ipv6;
    this.high = high;
    this.low = low;
    this.port = port;
    this.scopeId = scopeId;
    this.local = null;
    this.hash = placeHash();
  }

  private int placeHash() {
    return (Long.hashCode(high) * 31 + Long.hashCode(low)) * 31 + port;
  }

  private Endpoint(Endpoint remote, LocalAddress local) {
    this.ipv6 = remote.ipv6;
    this.high = remote.high;
    this.low = remote.low;
    this.port = remote.port;
    this.scopeId = remote.scopeId;
    this.local = local;
    this.hash = remote.placeHash() * 31 + local.hashCode();
  }

  /**
   * An endpoint from 4 or 16 address bytes; {@code scopeId} matters for IPv6 link-local only, 0 is
   * none. An IPv4 address in the form of IPv6 (::ffff:0:0/96) is the IPv4 address.
   */
  public static Endpoint of(byte[] address, int port, int scopeId) {
    if (port < 0 || port > 0xffff) {
      throw new IllegalArgumentException("port out of range: " + port);
    }
    ByteBuffer bytes = ByteBuffer.wrap(address);
    return switch (address.length) {
      case IPV4_BYTES -> ipv4(bytes.getInt(), port);
      case IPV6_BYTES -> {
        long high = bytes.getLong();
        long low = bytes.getLong();
        yield high == 0 && low >>> Integer.SIZE == MAPPED_IPV4
            ? ipv4((int) low, port)
            : ipv6(high, low, port, scopeId);
      }
      default ->
          throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + address.length);
    };
  }

  /** An IPv4 endpoint. */
  public static Endpoint ipv4(int address, int port) {
    return new Endpoint(false, 0, Integer.toUnsignedLong(address), port, 0);
  }

  /** An IPv6 endpoint from the two halves of its address. */
  public static Endpoint ipv6(long high, long low, int port, int scopeId) {
    return new Endpoint(true, high, low, port, scopeId);
  }

  /** The endpoint that a socket reports. */
  public static Endpoint of(InetSocketAddress socketAddress) {
    InetAddress inet = socketAddress.getAddress();
    if (inet == null) {
      throw new IllegalArgumentException("a name is not an endpoint: " + socketAddress);
    }
    int scopeId = inet instanceof Inet6Address v6 ? v6.getScopeId() : 0;
    return of(inet.getAddress(), socketAddress.getPort(), scopeId);
  }

  /** The same place, reached from this address of ours. */
  public Endpoint withLocal(LocalAddress address) {
    return address.equals(local) ? this : new Endpoint(this, address);
  }

  /** The same place, reached from whatever address routing chooses. */
  public Endpoint withoutLocal() {
    return local == null ? this : new Endpoint(ipv6, high, low, port, scopeId);
  }

  /** Whether the other is the same place, from wherever of ours both are reached. */
  public boolean isSamePlace(Endpoint other) {
    return ipv6 == other.ipv6 && isAt(other.high, other.low, other.port, other.scopeId);
  }

  /** The address of ours that it is reached from; {@code null} if routing is to choose. */
  public @Nullable LocalAddress local() {
    return local;
  }

  public boolean isIpv6() {
    return ipv6;
  }

  /** The upper 64 bits of an IPv6 address; 0 for IPv4. */
  public long addressHigh() {
    return high;
  }

  /** The lower 64 bits of an IPv6 address, or the IPv4 address. */
  public long addressLow() {
    return low;
  }

  /** The 4 or 16 address bytes. */
  public byte[] addressBytes() {
    return ipv6
        ? ByteBuffer.allocate(IPV6_BYTES).putLong(high).putLong(low).array()
        : ByteBuffer.allocate(IPV4_BYTES).putInt((int) low).array();
  }

  /**
   * The network that the rate limiter counts: all of an IPv4 address, the upper half of an IPv6
   * one.
   */
  long network() {
    return ipv6 ? high : low;
  }

  public int port() {
    return port;
  }

  public int scopeId() {
    return scopeId;
  }

  public InetSocketAddress toSocketAddress() {
    InetSocketAddress known = socketAddress;
    if (known == null) {
      known = new InetSocketAddress(inetAddress(), port);
      socketAddress = known;
    }
    return known;
  }

  private InetAddress inetAddress() {
    try {
      // Inet6Address.getByAddress keeps a v4-mapped address what it is: an IPv6 address.
      return ipv6
          ? Inet6Address.getByAddress(null, addressBytes(), scopeId)
          : InetAddress.getByAddress(addressBytes());
    } catch (UnknownHostException e) {
      throw new IllegalStateException("an address has 4 or 16 bytes", e);
    }
  }

  /** Address bytes then port, as {@link #putSource} writes them. */
  public byte[] sourceBytes() {
    byte[] bytes = new byte[MAX_SOURCE_BYTES];
    return Arrays.copyOf(bytes, putSource(bytes));
  }

  /**
   * Writes address bytes and port, big-endian: what a cookie is bound to (protocol 2.6), wherever
   * of ours it was sent to. Returns how many bytes that are, {@value #MAX_SOURCE_BYTES} at most.
   */
  int putSource(byte[] out) {
    int at;
    if (ipv6) {
      LONGS.set(out, 0, high);
      LONGS.set(out, Long.BYTES, low);
      at = IPV6_BYTES;
    } else {
      INTS.set(out, 0, (int) low);
      at = IPV4_BYTES;
    }
    out[at] = (byte) (port >>> Byte.SIZE);
    out[at + 1] = (byte) port;
    return at + Short.BYTES;
  }

  /** Writes it down, with the address of ours. */
  public void save(StateWriter out) {
    out.bool(ipv6);
    out.bool(local != null);
    saveAddress(out, high, low);
    out.int32(port);
    out.int32(scopeId);
    if (local != null) {
      saveAddress(out, local.high(), local.low());
      out.int32(local.interfaceIndex());
    }
  }

  private void saveAddress(StateWriter out, long upper, long lower) {
    if (ipv6) {
      out.int64(upper);
      out.int64(lower);
    } else {
      out.int32((int) lower);
    }
  }

  /** What {@link #save} wrote down. */
  public static Endpoint restored(StateReader in) {
    boolean ipv6 = in.bool();
    boolean hasLocal = in.bool();
    long high = ipv6 ? in.int64() : 0;
    long low = ipv6 ? in.int64() : Integer.toUnsignedLong(in.int32());
    int port = in.int32(0, 0xffff, "a port");
    int scopeId = in.int32();
    if (!ipv6 && scopeId != 0) {
      throw new MalformedStateException("an IPv4 address has a scope");
    }
    var place = new Endpoint(ipv6, high, low, port, scopeId);
    if (!hasLocal) {
      return place;
    }
    long localHigh = ipv6 ? in.int64() : 0;
    long localLow = ipv6 ? in.int64() : Integer.toUnsignedLong(in.int32());
    return place.withLocal(new LocalAddress(localHigh, localLow, in.int32()));
  }

  /** Whether a datagram with these fields in its headers comes from here. */
  public boolean isAt(long addressHigh, long addressLow, int atPort, int atScopeId) {
    return low == addressLow && port == atPort && high == addressHigh && scopeId == atScopeId;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    if (this == other) {
      return true;
    }
    return other instanceof Endpoint that
        && isSamePlace(that)
        && (local == null ? that.local == null : local.equals(that.local));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  /**
   * {@code 192.0.2.1:51820} or {@code [2001:db8::1]:51820}, as {@code wg} prints it: without the
   * address of ours.
   */
  @Override
  public String toString() {
    byte[] address = addressBytes();
    return ipv6
        ? "[" + IpText.ipv6(address) + (scopeId == 0 ? "" : "%" + scopeId) + "]:" + port
        : inetAddress().getHostAddress() + ":" + port;
  }
}
