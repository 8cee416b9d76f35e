package io.wgnetty.tun;

/**
 * Which work on packets is left to us, so that one system call moves up to 64 KiB: asked for when a
 * device is opened, and what is in effect afterwards. What a kernel does not know is left off by
 * itself.
 *
 * @param tcpSegmentation reads bring TCP super-packets, to be cut by a {@link Segmenter}
 * @param udpSegmentation reads bring UDP super-packets (kernel 6.2 and later)
 * @param tcpCoalescing writes put neighbouring segments of a TCP flow together
 * @param udpCoalescing writes put neighbouring datagrams of a UDP flow together (6.2 and later)
 */
public record TunOffloads(
    boolean tcpSegmentation,
    boolean udpSegmentation,
    boolean tcpCoalescing,
    boolean udpCoalescing) {

  public static final TunOffloads ALL = new TunOffloads(true, true, true, true);

  /** One read is one packet with complete checksums, and so is one write. */
  public static final TunOffloads NONE = new TunOffloads(false, false, false, false);
}
