package io.wgnetty.counters;

/**
 * What a shard's thread has done so far, drops aside. Kept by that thread; others ask it for a
 * snapshot.
 */
public final class ShardCounters {
  private final SizeHistogram interfaceBatches = new SizeHistogram();
  private final SizeHistogram networkBatches = new SizeHistogram();
  private final SizeHistogram datagramBatches = new SizeHistogram();
  private long packetsIn;
  private long bytesIn;
  private long packetsOut;
  private long bytesOut;
  private long keepalivesIn;
  private long keepalivesOut;
  private long cookiesSent;
  private long cookiesReceived;
  private long retransmissions;
  private long givenUp;
  private long movedByName;
  private final RoleCounters initiated = new RoleCounters();
  private final RoleCounters answered = new RoleCounters();

  /** How handshakes in one role went. */
  private static final class RoleCounters {
    private long begun;
    private long completed;
    private long failed;
  }

  public ShardCounters() {}

  private RoleCounters of(HandshakeRole role) {
    return role == HandshakeRole.INITIATED ? initiated : answered;
  }

  /** Batches of packets that the interface brought. */
  public SizeHistogram interfaceBatches() {
    return interfaceBatches;
  }

  /** Batches of datagrams that the sockets brought. */
  public SizeHistogram networkBatches() {
    return networkBatches;
  }

  /** Batches of messages that went to the sockets. */
  public SizeHistogram datagramBatches() {
    return datagramBatches;
  }

  /** Counts packets with data that peers sent, and their UDP payload. */
  public void countIn(int packets, long bytes) {
    packetsIn += packets;
    bytesIn += bytes;
  }

  /** Counts packets with data that went to peers, and their UDP payload. */
  public void countOut(int packets, long bytes) {
    packetsOut += packets;
    bytesOut += bytes;
  }

  public void countKeepalivesIn(int keepalives) {
    keepalivesIn += keepalives;
  }

  public void countKeepalivesOut(int keepalives) {
    keepalivesOut += keepalives;
  }

  public void countCookieSent() {
    cookiesSent++;
  }

  public void countCookieReceived() {
    cookiesReceived++;
  }

  public void countRetransmission() {
    retransmissions++;
  }

  public void countGivenUp() {
    givenUp++;
  }

  public void countBegun(HandshakeRole role) {
    of(role).begun++;
  }

  public void countCompleted(HandshakeRole role) {
    of(role).completed++;
  }

  public void countFailed(HandshakeRole role) {
    of(role).failed++;
  }

  /** A peer's name led to another address. */
  public void countMovedByName() {
    movedByName++;
  }

  /** How often we took another address of a peer's name. */
  public long movedByName() {
    return movedByName;
  }

  public TrafficCounts traffic() {
    return new TrafficCounts(packetsIn, bytesIn, packetsOut, bytesOut, keepalivesIn, keepalivesOut);
  }

  public HandshakeCounts handshakes() {
    return new HandshakeCounts(
        initiated.begun,
        initiated.completed,
        initiated.failed,
        answered.begun,
        answered.completed,
        answered.failed,
        retransmissions,
        givenUp,
        cookiesSent,
        cookiesReceived);
  }
}
