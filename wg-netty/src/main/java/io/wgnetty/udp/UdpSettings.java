package io.wgnetty.udp;

/**
 * How a UDP socket is to be.
 *
 * @param joining whether the kernel may join datagrams that came together (UDP_GRO)
 * @param segmenting whether the kernel is asked to cut messages into datagrams (UDP_SEGMENT)
 * @param reusePort whether it shares its port with other sockets of ours (SO_REUSEPORT)
 * @param fwmark the mark of what it sends; 0 is none
 */
public record UdpSettings(boolean joining, boolean segmenting, boolean reusePort, int fwmark) {
  /** All that makes it fast, a port of its own, no mark. */
  public static final UdpSettings DEFAULT = new UdpSettings(true, true, false, 0);

  public UdpSettings withFwmark(int mark) {
    return new UdpSettings(joining, segmenting, reusePort, mark);
  }

  public UdpSettings withReusePort(boolean shared) {
    return new UdpSettings(joining, segmenting, shared, fwmark);
  }

  public UdpSettings withOffloads(boolean join, boolean segment) {
    return new UdpSettings(join, segment, reusePort, fwmark);
  }
}
