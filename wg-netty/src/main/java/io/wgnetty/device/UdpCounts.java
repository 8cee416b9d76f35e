package io.wgnetty.device;

import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpCounters;

/**
 * What UDP sockets did.
 *
 * @param callsIn system calls for receiving
 * @param messagesIn what the kernel handed over: single datagrams, or many joined into one
 * @param datagramsIn datagrams received
 * @param callsOut system calls for sending
 * @param messagesOut messages sent, each with one to 64 datagrams
 * @param datagramsOut datagrams sent
 * @param gsoFallbacks how often segmentation was refused, and the datagrams sent one by one
 * @param localFallbacks how often an address of ours could no longer be sent from
 * @param refused datagrams that the kernel refused to send
 * @param held messages that had to wait for the socket
 * @param pendingDrops datagrams dropped because too many waited for the socket already
 * @param truncated datagrams longer than the memory for them: dropped
 * @param malformed messages without usable sender or segment size: dropped
 * @param lost datagrams that the kernel dropped because the sockets had no room for them
 */
public record UdpCounts(
    long callsIn,
    long messagesIn,
    long datagramsIn,
    long callsOut,
    long messagesOut,
    long datagramsOut,
    long gsoFallbacks,
    long localFallbacks,
    long refused,
    long held,
    long pendingDrops,
    long truncated,
    long malformed,
    long lost) {
  static final UdpCounts NONE = new UdpCounts(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** What a socket did so far; on the thread of its loop. */
  static UdpCounts of(UdpChannel socket) {
    UdpCounters counters = socket.counters();
    return new UdpCounts(
        counters.callsIn(),
        counters.messagesIn(),
        counters.datagramsIn(),
        counters.callsOut(),
        counters.messagesOut(),
        counters.datagramsOut(),
        counters.gsoFallbacks(),
        counters.localFallbacks(),
        counters.refused(),
        counters.held(),
        counters.pendingDrops(),
        counters.truncated(),
        counters.malformed(),
        socket.lost());
  }

  UdpCounts plus(UdpCounts other) {
    return new UdpCounts(
        callsIn + other.callsIn,
        messagesIn + other.messagesIn,
        datagramsIn + other.datagramsIn,
        callsOut + other.callsOut,
        messagesOut + other.messagesOut,
        datagramsOut + other.datagramsOut,
        gsoFallbacks + other.gsoFallbacks,
        localFallbacks + other.localFallbacks,
        refused + other.refused,
        held + other.held,
        pendingDrops + other.pendingDrops,
        truncated + other.truncated,
        malformed + other.malformed,
        lost + other.lost);
  }
}
