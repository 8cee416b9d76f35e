package io.wgnetty.storm;

/**
 * Who lives where. {@code bin/storm} routes 10.64.0.0/10 to the clients' host, where all of it is
 * local, and 10.128.0.0/9 into the server's interface.
 */
final class Addresses {
  /** Ports of the clients' sockets, counting up. */
  static final int CLIENT_PORT = 40_000;

  static final int FLOOD_PORT = 50_000;

  private static final int CROWD = ip(10, 64, 1, 0);
  static final int MAX_CROWD = 1 << 20;

  private static final int FORGED = ip(10, 80, 0, 0);
  static final int FORGED_BITS = 20;

  private static final int NEWCOMERS = ip(10, 96, 1, 0);
  static final int MAX_NEWCOMERS = 1 << 20;

  private static final int INNER = ip(10, 128, 1, 0);
  private static final int INNER_SERVER = ip(10, 255, 255, 1);

  private Addresses() {}

  /** Where number {@code index} of the crowd is. */
  static int crowd(int index) {
    return CROWD + index;
  }

  /** Which of the crowd may be there; any number if nobody is. */
  static int crowdIndex(int address) {
    return address - CROWD;
  }

  static int newcomer(int index) {
    return NEWCOMERS + index;
  }

  static int forged(int index) {
    return FORGED + (index & ((1 << FORGED_BITS) - 1));
  }

  /** The address of a client inside the tunnel. */
  static int inner(int number) {
    return INNER + number;
  }

  /** The server's own address inside the tunnel, as {@code bin/storm} gives it. */
  static int innerServer() {
    return INNER_SERVER;
  }

  static String text(int address) {
    return (address >>> 24)
        + "."
        + (address >>> 16 & 0xff)
        + "."
        + (address >>> 8 & 0xff)
        + "."
        + (address & 0xff);
  }

  private static int ip(int a, int b, int c, int d) {
    return a << 24 | b << 16 | c << 8 | d;
  }
}
