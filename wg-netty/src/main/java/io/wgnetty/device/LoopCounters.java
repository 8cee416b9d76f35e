package io.wgnetty.device;

import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeCounts;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.counters.TrafficCounts;
import java.util.EnumMap;
import java.util.Map;

/**
 * What one event loop has done so far, and how it stands at this moment.
 *
 * @param loop its number, -1 for the sum of several
 * @param traffic packets through the tunnel
 * @param drops for each reason, zeros too
 * @param handshakes by role and result
 * @param movedByName how often another address of a peer's name was taken
 * @param underLoad whether sources of handshakes have to prove themselves; in a sum, whether any
 *     loop says so
 * @param interfaceBatches batches of packets that the interface brought
 * @param networkBatches batches of datagrams that the sockets brought
 * @param datagramBatches batches of messages that went to the sockets; each message is one to 64
 *     datagrams
 * @param udp its sockets, those that are closed by now too
 * @param tun its queue of the interface
 * @param queues what waits at this moment
 * @param handedOver what came to other loops and belonged here
 * @param helped what it has done for other loops
 * @param longestWaitNs how long something that was due waited at most, within the last minute or
 *     half; in a sum, at any loop
 * @param cpuNs processor time of its thread; against wall time it is how busy the loop is
 */
public record LoopCounters(
    int loop,
    TrafficCounts traffic,
    Map<DropReason, Long> drops,
    HandshakeCounts handshakes,
    long movedByName,
    boolean underLoad,
    BatchCounts interfaceBatches,
    BatchCounts networkBatches,
    BatchCounts datagramBatches,
    UdpCounts udp,
    TunCounts tun,
    LoopQueues queues,
    HandedOver handedOver,
    HelpCounts helped,
    long longestWaitNs,
    long cpuNs) {

  /** A loop that has done nothing. */
  public static LoopCounters none(int loop) {
    return new LoopCounters(
        loop,
        TrafficCounts.NONE,
        Map.of(),
        HandshakeCounts.NONE,
        0,
        false,
        BatchCounts.NONE,
        BatchCounts.NONE,
        BatchCounts.NONE,
        UdpCounts.NONE,
        TunCounts.NONE,
        LoopQueues.NONE,
        new HandedOver(0, 0),
        HelpCounts.NONE,
        0,
        0);
  }

  /** This one, which carries no data, with what it has done. */
  LoopCounters ofIntake(
      Map<DropReason, Long> itsDrops,
      ShardCounters counters,
      boolean isUnderLoad,
      LoopSockets sockets,
      long itsCpuNs) {
    return new LoopCounters(
        loop,
        traffic,
        itsDrops,
        counters.handshakes(),
        movedByName,
        isUnderLoad,
        interfaceBatches,
        BatchCounts.of(counters.networkBatches()),
        datagramBatches,
        sockets.counts(),
        tun,
        new LoopQueues(0, 0, sockets.pendingMessages(), sockets.pendingBytes()),
        handedOver,
        helped,
        longestWaitNs,
        itsCpuNs);
  }

  /** This loop and another. */
  LoopCounters plus(LoopCounters other) {
    Map<DropReason, Long> allDrops = new EnumMap<>(DropReason.class);
    allDrops.putAll(drops);
    other.drops.forEach((reason, count) -> allDrops.merge(reason, count, Long::sum));
    return new LoopCounters(
        loop,
        traffic.plus(other.traffic),
        allDrops,
        handshakes.plus(other.handshakes),
        movedByName + other.movedByName,
        underLoad || other.underLoad,
        interfaceBatches.plus(other.interfaceBatches),
        networkBatches.plus(other.networkBatches),
        datagramBatches.plus(other.datagramBatches),
        udp.plus(other.udp),
        tun.plus(other.tun),
        queues.plus(other.queues),
        handedOver.plus(other.handedOver),
        helped.plus(other.helped),
        Math.max(longestWaitNs, other.longestWaitNs),
        cpuNs + other.cpuNs);
  }
}
