package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.wgnetty.protocol.Endpoint;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * {@code struct sockaddr_in} and {@code sockaddr_in6}: family in the machine's byte order, port and
 * address in the network's.
 */
final class SocketAddresses {
  static final int IPV4_BYTES = 16;
  static final int IPV6_BYTES = 28;

  static final ValueLayout.OfInt NETWORK_INT = JAVA_INT.withOrder(ByteOrder.BIG_ENDIAN);
  static final ValueLayout.OfLong NETWORK_LONG =
      JAVA_LONG_UNALIGNED.withOrder(ByteOrder.BIG_ENDIAN);
  private static final ValueLayout.OfShort NETWORK_SHORT =
      JAVA_SHORT.withOrder(ByteOrder.BIG_ENDIAN);

  private static final int PORT = 2;
  private static final int IPV4_ADDRESS = 4;
  private static final int IPV6_FLOW = 4;
  private static final int IPV6_ADDRESS = 8;
  private static final int IPV6_SCOPE = 24;

  private SocketAddresses() {}

  /** Writes the address of an endpoint; returns its length. */
  static int write(MemorySegment memory, long offset, Endpoint endpoint) {
    memory.set(NETWORK_SHORT, offset + PORT, (short) endpoint.port());
    if (!endpoint.isIpv6()) {
      memory.set(JAVA_SHORT, offset, (short) SocketOptions.AF_INET);
      memory.set(NETWORK_INT, offset + IPV4_ADDRESS, (int) endpoint.addressLow());
      return IPV4_BYTES;
    }
    memory.set(JAVA_SHORT, offset, (short) SocketOptions.AF_INET6);
    memory.set(JAVA_INT, offset + IPV6_FLOW, 0);
    memory.set(NETWORK_LONG, offset + IPV6_ADDRESS, endpoint.addressHigh());
    memory.set(NETWORK_LONG, offset + IPV6_ADDRESS + Long.BYTES, endpoint.addressLow());
    memory.set(JAVA_INT, offset + IPV6_SCOPE, endpoint.scopeId());
    return IPV6_BYTES;
  }

  /** Whether an address of this family and length is there. */
  static boolean isPresent(MemorySegment memory, long offset, int lengthBytes, boolean ipv6) {
    return lengthBytes >= (ipv6 ? IPV6_BYTES : IPV4_BYTES)
        && memory.get(JAVA_SHORT, offset)
            == (ipv6 ? SocketOptions.AF_INET6 : SocketOptions.AF_INET);
  }

  static int port(MemorySegment memory, long offset) {
    return Short.toUnsignedInt(memory.get(NETWORK_SHORT, offset + PORT));
  }

  /** The upper half of an IPv6 address. */
  static long high(MemorySegment memory, long offset) {
    return memory.get(NETWORK_LONG, offset + IPV6_ADDRESS);
  }

  /** The lower half of an IPv6 address. */
  static long low(MemorySegment memory, long offset) {
    return memory.get(NETWORK_LONG, offset + IPV6_ADDRESS + Long.BYTES);
  }

  /** The address, as {@link Endpoint#addressLow} gives it. */
  static long ipv4(MemorySegment memory, long offset) {
    return Integer.toUnsignedLong(memory.get(NETWORK_INT, offset + IPV4_ADDRESS));
  }

  static int scopeId(MemorySegment memory, long offset) {
    return memory.get(JAVA_INT, offset + IPV6_SCOPE);
  }
}
