package io.wgnetty.tun;

import com.sun.jna.LastErrorException;

/** Agrees with the kernel on what it leaves to us: TUNSETOFFLOAD (protocol 8.1). */
final class OffloadNegotiation {
  private static final long TUNSETOFFLOAD = 0x400454d0L;

  private static final int TUN_F_CSUM = 0x01;
  private static final int TUN_F_TSO4 = 0x02;
  private static final int TUN_F_TSO6 = 0x04;
  private static final int TUN_F_USO4 = 0x20;
  private static final int TUN_F_USO6 = 0x40;

  /** No bit is taken without CSUM, and neither family's without the other's. */
  private static final int TCP = TUN_F_CSUM | TUN_F_TSO4 | TUN_F_TSO6;

  private static final int UDP = TUN_F_CSUM | TUN_F_USO4 | TUN_F_USO6;

  private OffloadNegotiation() {}

  /** Switches on what is wanted and known; returns what is in effect. */
  static TunOffloads agree(int fd, TunOffloads wanted, boolean hasVirtioHeader) {
    if (!hasVirtioHeader) {
      set(fd, 0);
      return TunOffloads.NONE;
    }
    // A kernel that cannot cut UDP when it sends cannot cut what we put together either.
    boolean udpKnown = (wanted.udpSegmentation() || wanted.udpCoalescing()) && takes(fd, UDP);
    boolean udp = wanted.udpSegmentation() && udpKnown;
    boolean tcp = wanted.tcpSegmentation() && takes(fd, TCP);
    if (!takes(fd, bits(tcp, udp))) {
      udp = false;
      set(fd, bits(tcp, false));
    }
    return new TunOffloads(tcp, udp, wanted.tcpCoalescing(), wanted.udpCoalescing() && udpKnown);
  }

  /** Repeats for a further queue what was agreed for the first. */
  static void repeat(int fd, TunOffloads agreed) {
    set(fd, bits(agreed.tcpSegmentation(), agreed.udpSegmentation()));
  }

  private static int bits(boolean tcp, boolean udp) {
    return (tcp ? TCP : 0) | (udp ? UDP : 0);
  }

  private static boolean takes(int fd, int bits) {
    try {
      set(fd, bits);
      return true;
    } catch (LastErrorException e) {
      if (e.getErrorCode() == Errno.EINVAL) {
        return false;
      }
      throw e;
    }
  }

  private static void set(int fd, int bits) {
    Libc.INSTANCE.ioctl(fd, TUNSETOFFLOAD, (long) bits);
  }
}
