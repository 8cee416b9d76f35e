package io.wgnetty.udp;

/**
 * How a UDP socket is to be.
 *
 * @param joining whether the kernel may join datagrams that came together (UDP_GRO)
 * @param segmenting whether the kernel is asked to cut messages into datagrams (UDP_SEGMENT)
 * @param reusePort whether it shares its port with other sockets of ours (SO_REUSEPORT)
 * @param steering whether the kernel is asked to choose among these by what is in a datagram
 * @param fwmark the mark of what it sends; 0 is none
 * @param receiveBytes room for what arrives while nobody reads
 */
public record UdpSettings(
    boolean joining,
    boolean segmenting,
    boolean reusePort,
    boolean steering,
    int fwmark,
    int receiveBytes) {
  private static final int RECEIVE_BYTES = 7 << 20;

  /** All that makes it fast, a port of its own, no mark. */
  public static final UdpSettings DEFAULT =
      new UdpSettings(true, true, false, true, 0, RECEIVE_BYTES);

  public UdpSettings withFwmark(int mark) {
    return new UdpSettings(joining, segmenting, reusePort, steering, mark, receiveBytes);
  }

  public UdpSettings withReusePort(boolean shared) {
    return new UdpSettings(joining, segmenting, shared, steering, fwmark, receiveBytes);
  }

  public UdpSettings withOffloads(boolean join, boolean segment) {
    return new UdpSettings(join, segment, reusePort, steering, fwmark, receiveBytes);
  }

  public UdpSettings withSteering(boolean steered) {
    return new UdpSettings(joining, segmenting, reusePort, steered, fwmark, receiveBytes);
  }

  public UdpSettings withReceiveBytes(int bytes) {
    return new UdpSettings(joining, segmenting, reusePort, steering, fwmark, bytes);
  }
}
