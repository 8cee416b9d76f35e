package io.wgnetty.counters;

/**
 * Packets that went through the tunnel. Bytes are UDP payload, as WireGuard counts them, without
 * handshake messages.
 *
 * @param packetsIn accepted from peers, keepalives not counted
 * @param bytesIn of those
 * @param packetsOut sent to peers, keepalives not counted; each segment of a super-packet is one
 * @param bytesOut of those
 * @param keepalivesIn empty packets accepted
 * @param keepalivesOut empty packets sent
 */
public record TrafficCounts(
    long packetsIn,
    long bytesIn,
    long packetsOut,
    long bytesOut,
    long keepalivesIn,
    long keepalivesOut) {
  public static final TrafficCounts NONE = new TrafficCounts(0, 0, 0, 0, 0, 0);

  /** These and others. */
  public TrafficCounts plus(TrafficCounts other) {
    return new TrafficCounts(
        packetsIn + other.packetsIn,
        bytesIn + other.bytesIn,
        packetsOut + other.packetsOut,
        bytesOut + other.bytesOut,
        keepalivesIn + other.keepalivesIn,
        keepalivesOut + other.keepalivesOut);
  }
}
