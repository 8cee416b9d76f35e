package io.wgnetty.udp;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.MemorySegment;

/**
 * What the kernel says beside a datagram: how it is cut into segments, its traffic class, the
 * address it was sent to. One reader for all: {@link #read} fills the fields anew.
 */
final class ControlReader {
  /** {@code cmsghdr}: length 8, level 4, type 4. */
  static final int HEADER_BYTES = 16;

  private static final int LEVEL = 8;
  private static final int TYPE = 12;
  private static final int PKTINFO_BYTES = 12;
  private static final int PKTINFO_LOCAL = 4;
  private static final int PKTINFO6_BYTES = 20;
  private static final int PKTINFO6_INTERFACE = 16;

  private int segmentBytes;
  private int trafficClass;
  private boolean hasLocal;
  private long localHigh;
  private long localLow;
  private int interfaceIndex;

  /** Reads {@code lengthBytes} of control data, and nothing beyond. */
  void read(MemorySegment memory, long offset, int lengthBytes) {
    segmentBytes = 0;
    trafficClass = 0;
    hasLocal = false;
    long end = offset + lengthBytes;
    long at = offset;
    while (end - at >= HEADER_BYTES) {
      long length = memory.get(JAVA_LONG, at);
      if (length < HEADER_BYTES || length > end - at) {
        return;
      }
      take(memory, at, (int) length - HEADER_BYTES);
      at += (length + Long.BYTES - 1) & -Long.BYTES;
    }
  }

  private void take(MemorySegment memory, long at, int dataBytes) {
    long data = at + HEADER_BYTES;
    int type = memory.get(JAVA_INT, at + TYPE);
    switch (memory.get(JAVA_INT, at + LEVEL)) {
      case SocketOptions.IPPROTO_UDP -> {
        if (type == SocketOptions.UDP_GRO && dataBytes >= Integer.BYTES) {
          segmentBytes = memory.get(JAVA_INT, data);
          if (segmentBytes == 0) {
            segmentBytes = -1; // not what the kernel says of a datagram that is one
          }
        }
      }
      case SocketOptions.IPPROTO_IP -> {
        if (type == SocketOptions.IP_TOS && dataBytes >= 1) {
          trafficClass = memory.get(JAVA_BYTE, data) & 0xff;
        } else if (type == SocketOptions.IP_PKTINFO && dataBytes >= PKTINFO_BYTES) {
          hasLocal = true;
          interfaceIndex = memory.get(JAVA_INT, data);
          localHigh = 0;
          localLow =
              Integer.toUnsignedLong(memory.get(SocketAddresses.NETWORK_INT, data + PKTINFO_LOCAL));
        }
      }
      case SocketOptions.IPPROTO_IPV6 -> {
        if (type == SocketOptions.IPV6_TCLASS && dataBytes >= Integer.BYTES) {
          trafficClass = memory.get(JAVA_INT, data) & 0xff;
        } else if (type == SocketOptions.IPV6_PKTINFO && dataBytes >= PKTINFO6_BYTES) {
          hasLocal = true;
          localHigh = memory.get(SocketAddresses.NETWORK_LONG, data);
          localLow = memory.get(SocketAddresses.NETWORK_LONG, data + Long.BYTES);
          interfaceIndex = memory.get(JAVA_INT, data + PKTINFO6_INTERFACE);
        }
      }
      default -> {} // not asked for
    }
  }

  /** Bytes in each segment but the last; 0 if it is one datagram, less if that makes no sense. */
  int segmentBytes() {
    return segmentBytes;
  }

  int trafficClass() {
    return trafficClass;
  }

  /** Whether the address is known that the datagram was sent to. */
  boolean hasLocal() {
    return hasLocal;
  }

  long localHigh() {
    return localHigh;
  }

  long localLow() {
    return localLow;
  }

  int interfaceIndex() {
    return interfaceIndex;
  }
}
