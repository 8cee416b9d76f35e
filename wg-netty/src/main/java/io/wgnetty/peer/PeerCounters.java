package io.wgnetty.peer;

import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What a peer's owner counts of its traffic. Part of each {@link Peer}, so that it costs no object.
 * What is read by any thread is written by the owner alone, and opaque, which costs what a plain
 * field does.
 */
abstract sealed class PeerCounters permits Peer {
  /** What {@link #heardNs()} says of a peer that never sent anything. */
  public static final long NEVER_HEARD = Long.MIN_VALUE;

  private static final VarHandle LAST_HANDSHAKE = field("lastHandshakeEpochNs");
  private static final VarHandle RECEIVED_BYTES = field("receivedBytes");
  private static final VarHandle SENT_BYTES = field("sentBytes");
  private static final VarHandle HEARD = field("heardNs");

  private long receivedPackets;
  private long sentPackets;

  @SuppressWarnings("UnusedVariable") // through LAST_HANDSHAKE
  private long lastHandshakeEpochNs;

  private long receivedBytes;
  private long sentBytes;

  @SuppressWarnings("UnusedVariable") // through HEARD
  private long heardNs = NEVER_HEARD;

  private static VarHandle field(String name) {
    try {
      return MethodHandles.lookup().findVarHandle(PeerCounters.class, name, long.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  /**
   * Wall-clock time of the latest completed handshake in nanoseconds since 1970; 0 if there was
   * none. Any thread.
   */
  public long lastHandshakeEpochNs() {
    return (long) LAST_HANDSHAKE.getOpaque(this);
  }

  public void handshakeCompletedAt(long epochNs) {
    LAST_HANDSHAKE.setOpaque(this, epochNs);
  }

  /** Bytes received, as WireGuard counts them. Any thread. */
  public long receivedBytes() {
    return (long) RECEIVED_BYTES.getOpaque(this);
  }

  /** Bytes sent, as WireGuard counts them. Any thread. */
  public long sentBytes() {
    return (long) SENT_BYTES.getOpaque(this);
  }

  /** When something authentic last came; {@link #NEVER_HEARD} if nothing did. Any thread. */
  public long heardNs() {
    return (long) HEARD.getOpaque(this);
  }

  public void heardAt(long nowNs) {
    HEARD.setOpaque(this, nowNs);
  }

  /** Counts the UDP payload of an accepted handshake message. */
  public void countReceived(long bytes) {
    RECEIVED_BYTES.setOpaque(this, receivedBytes + bytes);
  }

  /** Counts accepted transport messages and their UDP payload. */
  public void countReceived(int packets, long bytes) {
    receivedPackets += packets;
    RECEIVED_BYTES.setOpaque(this, receivedBytes + bytes);
  }

  /** Counts the UDP payload of messages that went out. */
  public void countSent(long bytes) {
    SENT_BYTES.setOpaque(this, sentBytes + bytes);
  }

  /** Counts transport messages that went out. */
  public void countSentPackets(int packets) {
    sentPackets += packets;
  }

  final void saveCounters(StateWriter out) {
    out.int64(receivedPackets);
    out.int64(sentPackets);
    out.int64(receivedBytes());
    out.int64(sentBytes());
    out.int64(lastHandshakeEpochNs());
    out.int64(heardNs());
  }

  final void restoreCounters(StateReader in) {
    receivedPackets = in.int64();
    sentPackets = in.int64();
    RECEIVED_BYTES.setOpaque(this, in.int64());
    SENT_BYTES.setOpaque(this, in.int64());
    handshakeCompletedAt(in.int64());
    heardAt(in.int64());
  }

  /** Transport messages accepted. */
  public long receivedPackets() {
    return receivedPackets;
  }

  /** Transport messages that went out. */
  public long sentPackets() {
    return sentPackets;
  }
}
