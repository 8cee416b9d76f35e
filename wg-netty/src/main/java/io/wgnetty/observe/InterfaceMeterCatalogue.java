package io.wgnetty.observe;

import io.micrometer.core.instrument.Tags;
import io.wgnetty.cipher.AeadChoice;
import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.HandshakeCounts;
import io.wgnetty.counters.TrafficCounts;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.device.HelpCounts;
import io.wgnetty.device.LoopCounters;
import io.wgnetty.device.LoopQueues;
import io.wgnetty.device.TunCounts;
import io.wgnetty.device.UdpCounts;
import java.util.function.Function;
import java.util.function.ToLongFunction;

/**
 * Which meters an interface has. What tells event loops apart when one of them is overloaded has a
 * series for each loop, all else is summed: series are what monitoring costs. docs/metrics.md says
 * more of each.
 */
final class InterfaceMeterCatalogue {
  private static final double NS_PER_SECOND = 1e9;

  private final InterfaceMeters meters;

  private InterfaceMeterCatalogue(InterfaceMeters meters) {
    this.meters = meters;
  }

  /** Registers all of them. */
  static void register(InterfaceMeters meters) {
    var catalogue = new InterfaceMeterCatalogue(meters);
    catalogue.traffic();
    catalogue.drops();
    catalogue.handshakes();
    catalogue.names();
    catalogue.load();
    catalogue.sockets();
    catalogue.tunnel();
    catalogue.loops();
    catalogue.population();
    catalogue.ciphers();
  }

  private void traffic() {
    traffic("wgnetty_received_packets", "Packets accepted from peers", TrafficCounts::packetsIn);
    traffic("wgnetty_received_bytes", "UDP payload of packets from peers", TrafficCounts::bytesIn);
    traffic("wgnetty_received_keepalives", "Empty packets accepted", TrafficCounts::keepalivesIn);
    traffic("wgnetty_sent_packets", "Packets sent to peers", TrafficCounts::packetsOut);
    traffic("wgnetty_sent_bytes", "UDP payload of packets to peers", TrafficCounts::bytesOut);
    traffic("wgnetty_sent_keepalives", "Empty packets sent", TrafficCounts::keepalivesOut);
  }

  private void drops() {
    for (DropReason reason : DropReason.values()) {
      Tags why =
          Tags.of(
              "chain", reason.stage().chain().word(),
              "stage", reason.stage().word(),
              "reason", reason.word());
      meters.count(
          "wgnetty_drops",
          "Packets and messages that went no further",
          why,
          sum -> sum.drops().getOrDefault(reason, 0L));
    }
  }

  private void handshakes() {
    Tags ours = Tags.of("role", "initiated");
    Tags theirs = Tags.of("role", "answered");
    begun(ours, HandshakeCounts::initiatedBegun);
    begun(theirs, HandshakeCounts::answeredBegun);
    ended(ours, "completed", HandshakeCounts::initiatedCompleted);
    ended(ours, "failed", HandshakeCounts::initiatedFailed);
    ended(ours, "given-up", HandshakeCounts::givenUp);
    ended(theirs, "completed", HandshakeCounts::answeredCompleted);
    ended(theirs, "failed", HandshakeCounts::answeredFailed);
    handshakes(
        "wgnetty_handshake_retransmissions",
        "First messages of ours that went out again",
        Tags.empty(),
        HandshakeCounts::retransmissions);
    handshakes(
        "wgnetty_cookies_sent",
        "Sources that were asked to prove themselves",
        Tags.empty(),
        HandshakeCounts::cookiesSent);
    handshakes(
        "wgnetty_cookies_received",
        "Peers under load that asked us for proof",
        Tags.empty(),
        HandshakeCounts::cookiesReceived);
  }

  private void names() {
    meters.count(
        "wgnetty_endpoints_moved_by_name",
        "Peers whose name led to another address",
        Tags.empty(),
        LoopCounters::movedByName);
  }

  private void begun(Tags role, ToLongFunction<HandshakeCounts> value) {
    handshakes("wgnetty_handshakes_begun", "Handshakes begun or answered", role, value);
  }

  private void ended(Tags role, String result, ToLongFunction<HandshakeCounts> value) {
    handshakes("wgnetty_handshakes", "Handshakes that ended", role.and("result", result), value);
  }

  private void load() {
    meters.gauge(
        "wgnetty_under_load",
        "1 while sources of handshakes have to prove themselves",
        r -> r.sum().underLoad() ? 1 : 0);
    meters.gauge(
        "wgnetty_handshake_queue_jobs",
        "Handshake computations that wait for a worker",
        r -> r.counters().handshakeJobs());
    meters.gauge(
        "wgnetty_handshake_queue_limit_jobs",
        "Handshake computations that may wait",
        r -> r.counters().handshakeJobsLimit());
    meters.counter(
        "wgnetty_handshake_job_failures",
        "Handshake computations that broke down, which is a defect",
        Tags.empty(),
        r -> r.counters().handshakeFailures());
    meters.gauge(
        "wgnetty_listening",
        "0 while the link is up and the UDP port can not be bound",
        r -> r.counters().listening() ? 1 : 0);
  }

  private void sockets() {
    udp("wgnetty_udp_receive_calls", "System calls that received", UdpCounts::callsIn);
    udp("wgnetty_udp_received_messages", "Joined or single datagrams", UdpCounts::messagesIn);
    udp("wgnetty_udp_received_datagrams", "Datagrams received", UdpCounts::datagramsIn);
    udp("wgnetty_udp_send_calls", "System calls that sent", UdpCounts::callsOut);
    udp("wgnetty_udp_sent_messages", "Runs of datagrams handed over", UdpCounts::messagesOut);
    udp("wgnetty_udp_sent_datagrams", "Datagrams sent", UdpCounts::datagramsOut);
    udp("wgnetty_udp_held_messages", "Messages that found the socket full", UdpCounts::held);
    udp("wgnetty_udp_overflow_datagrams", "Dropped behind a full socket", UdpCounts::pendingDrops);
    udp("wgnetty_udp_refused_datagrams", "Datagrams that the kernel refused", UdpCounts::refused);
    udp("wgnetty_udp_truncated_datagrams", "Datagrams too long", UdpCounts::truncated);
    udp("wgnetty_udp_malformed_messages", "Messages without sender or size", UdpCounts::malformed);
    udp("wgnetty_udp_source_fallbacks", "Own addresses that went away", UdpCounts::localFallbacks);
    lost("data", r -> r.counters().dataLoops());
    lost("intake", r -> r.counters().intake());
    String refused = "How often the kernel refused packets together";
    String name = "wgnetty_offload_fallbacks";
    meters.count(name, refused, offload("udp-gso"), sum -> sum.udp().gsoFallbacks());
    meters.count(name, refused, offload("tun-gro"), sum -> sum.tun().coalescingFallbacks());
  }

  private void lost(String socket, Function<InterfaceReading, LoopCounters> of) {
    meters.counter(
        "wgnetty_udp_lost_datagrams",
        "Datagrams that the kernel had no room for",
        Tags.of("socket", socket),
        reading -> of.apply(reading).udp().lost());
  }

  private static Tags offload(String word) {
    return Tags.of("offload", word);
  }

  private void tunnel() {
    tun("wgnetty_tun_read_calls", "System calls that read packets", TunCounts::readCalls);
    tun("wgnetty_tun_read_packets", "Packets read", TunCounts::packetsRead);
    tun("wgnetty_tun_write_calls", "System calls that wrote packets", TunCounts::writeCalls);
    tun("wgnetty_tun_written_packets", "Packets written", TunCounts::packetsWritten);
    tun("wgnetty_tun_joined_packets", "Packets written with others", TunCounts::packetsCoalesced);
    tun("wgnetty_tun_refused_packets", "Packets that the kernel refused", TunCounts::refused);
  }

  private void loops() {
    String handedOver = "Packets that came to this loop and belonged to another";
    String name = "wgnetty_handed_over_packets";
    meters.countLoops(
        name, handedOver, Tags.of("direction", "out"), loop -> loop.handedOver().outbound());
    meters.countLoops(
        name, handedOver, Tags.of("direction", "in"), loop -> loop.handedOver().inbound());
    helped("seal", HelpCounts::sealed);
    helped("open", HelpCounts::opened);
    queue("wgnetty_staged_packets", "Packets that wait for a session", LoopQueues::staged);
    queue("wgnetty_mailbox_batches", "Batches from other loops that wait", LoopQueues::mailbox);
    queue("wgnetty_pending_messages", "Messages behind a full socket", LoopQueues::pendingMessages);
    queue("wgnetty_pending_bytes", "Bytes behind a full socket", LoopQueues::pendingBytes);
    meters.countLoops(
        "wgnetty_loop_cpu_seconds",
        "Processor time of an event loop",
        Tags.empty(),
        loop -> loop.cpuNs() / NS_PER_SECOND);
    meters.gaugeLoops(
        "wgnetty_loop_busy_ratio",
        "Processor time over time, since the scrape before",
        InterfaceReading::busy);
    meters.gaugeLoops(
        "wgnetty_loop_longest_wait_seconds",
        "How long what was due waited at most, within the last minute",
        InterfaceReading::longestWait);
  }

  private void helped(String work, ToLongFunction<HelpCounts> value) {
    meters.countLoops(
        "wgnetty_helped_tasks",
        "Pieces of work that this loop has done for another",
        Tags.of("work", work),
        loop -> value.applyAsLong(loop.helped()));
  }

  private void population() {
    meters.gauge(
        "wgnetty_peers", "Peers that are configured", r -> r.counters().peers().configured());
    meters.gauge(
        "wgnetty_peers_with_session",
        "Peers with a handshake within three minutes",
        r -> r.counters().peers().withSession());
    meters.gauge(
        "wgnetty_peers_heard",
        "Peers that sent something authentic within three minutes",
        r -> r.counters().peers().heardFrom());
    meters.gauge(
        "wgnetty_peers_held_by_quota",
        "Peers slowed or cut off by a quota that is used up",
        r -> r.device().limits().heldByQuotas());
  }

  private void ciphers() {
    for (AeadProvider known : AeadProviders.all()) {
      meters.gauge(
          "wgnetty_cipher_in_use",
          "1 for the ciphers that are used",
          Tags.of("cipher", known.name()),
          r -> AeadChoice.used(r.device().aead()).contains(known.name()) ? 1 : 0);
    }
  }

  private void traffic(String name, String help, ToLongFunction<TrafficCounts> value) {
    meters.countLoops(name, help, Tags.empty(), loop -> value.applyAsLong(loop.traffic()));
  }

  private void handshakes(
      String name, String help, Tags more, ToLongFunction<HandshakeCounts> value) {
    meters.count(name, help, more, sum -> value.applyAsLong(sum.handshakes()));
  }

  private void udp(String name, String help, ToLongFunction<UdpCounts> value) {
    meters.count(name, help, Tags.empty(), sum -> value.applyAsLong(sum.udp()));
  }

  private void tun(String name, String help, ToLongFunction<TunCounts> value) {
    meters.count(name, help, Tags.empty(), sum -> value.applyAsLong(sum.tun()));
  }

  private void queue(String name, String help, ToLongFunction<LoopQueues> value) {
    meters.gaugeLoops(name, help, (r, loop) -> value.applyAsLong(r.loop(loop).queues()));
  }
}
