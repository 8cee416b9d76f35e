package io.wgnetty.radius;

/**
 * What a peer has carried, seen from the node: it receives what the peer's user sends.
 *
 * @param receivedBytes as WireGuard counts them
 * @param sentBytes as WireGuard counts them
 */
record Traffic(long receivedBytes, long sentBytes, long receivedPackets, long sentPackets) {
  static final Traffic NONE = new Traffic(0, 0, 0, 0);

  /** What came since; never less than nothing. */
  Traffic since(Traffic before) {
    return new Traffic(
        Math.max(0, receivedBytes - before.receivedBytes),
        Math.max(0, sentBytes - before.sentBytes),
        Math.max(0, receivedPackets - before.receivedPackets),
        Math.max(0, sentPackets - before.sentPackets));
  }
}
