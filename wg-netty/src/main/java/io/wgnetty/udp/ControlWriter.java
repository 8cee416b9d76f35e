package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import io.wgnetty.protocol.LocalAddress;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/** Tells the kernel how to send a message: in which segments, with what class, and from where. */
final class ControlWriter {
  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int DATA = ControlReader.HEADER_BYTES;
  private static final int PKTINFO_BYTES = 12;
  private static final int PKTINFO6_BYTES = 20;

  private ControlWriter() {}

  /**
   * Writes what is not as usual; returns the length of it all, 0 if everything is.
   *
   * @param segmentBytes bytes of each datagram of the message; 0 if it is one
   */
  static int write(
      MemorySegment memory,
      long offset,
      boolean ipv6,
      int segmentBytes,
      int trafficClass,
      @Nullable LocalAddress local) {
    long at = offset;
    if (segmentBytes != 0) {
      header(memory, at, Short.BYTES, SocketOptions.IPPROTO_UDP, SocketOptions.UDP_SEGMENT);
      memory.set(JAVA_SHORT, at + DATA, (short) segmentBytes);
      at = next(at, Short.BYTES);
    }
    if (trafficClass != 0) {
      if (ipv6) {
        header(memory, at, Integer.BYTES, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_TCLASS);
      } else {
        header(memory, at, Integer.BYTES, SocketOptions.IPPROTO_IP, SocketOptions.IP_TOS);
      }
      memory.set(JAVA_INT, at + DATA, trafficClass);
      at = next(at, Integer.BYTES);
    }
    if (local != null) {
      at = ipv6 ? from6(memory, at, local) : from4(memory, at, local);
    }
    return (int) (at - offset);
  }

  private static long from4(MemorySegment memory, long at, LocalAddress local) {
    header(memory, at, PKTINFO_BYTES, SocketOptions.IPPROTO_IP, SocketOptions.IP_PKTINFO);
    memory.set(JAVA_INT, at + DATA, local.interfaceIndex());
    memory.set(SocketAddresses.NETWORK_INT, at + DATA + 4, (int) local.low());
    memory.set(JAVA_INT, at + DATA + 8, 0);
    return next(at, PKTINFO_BYTES);
  }

  private static long from6(MemorySegment memory, long at, LocalAddress local) {
    header(memory, at, PKTINFO6_BYTES, SocketOptions.IPPROTO_IPV6, SocketOptions.IPV6_PKTINFO);
    memory.set(SocketAddresses.NETWORK_LONG, at + DATA, local.high());
    memory.set(SocketAddresses.NETWORK_LONG, at + DATA + 8, local.low());
    memory.set(JAVA_INT, at + DATA + 16, local.interfaceIndex());
    return next(at, PKTINFO6_BYTES);
  }

  private static void header(MemorySegment memory, long at, int dataBytes, int level, int type) {
    memory.set(JAVA_LONG, at, ControlReader.HEADER_BYTES + dataBytes);
    memory.set(JAVA_INT, at + LEVEL, level);
    memory.set(JAVA_INT, at + TYPE, type);
  }

  private static long next(long at, int dataBytes) {
    return at + ((ControlReader.HEADER_BYTES + dataBytes + Long.BYTES - 1) & -Long.BYTES);
  }
}
