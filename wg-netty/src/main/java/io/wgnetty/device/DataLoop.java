package io.wgnetty.device;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.ChainEntry;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.Pipelines;
import io.wgnetty.pipeline.StagedSender;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.PeerVisits;
import io.wgnetty.tun.TunChannel;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.udp.UdpChannel;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A loop that carries packets: beside its shard it has a TUN queue, both chains, and the datagrams
 * that leave. {@link #start}, {@link #visit}, {@link #answer} and {@link #close} are for other
 * threads, too.
 */
final class DataLoop extends ShardLoop {
  private final DatagramBatch datagrams = new DatagramBatch(PooledByteBufAllocator.DEFAULT);
  private final Pipelines pipelines;
  private final TunChannel tun;
  private final LoopTaps taps;
  private final StagedSender stagedSender;
  private final LoopResults results;
  private final LoopAlarm alarm;
  private final LoopLag lag;
  private final HelpingLoop helping;
  private volatile int mtu;

  /** Where datagrams enter that another loop received; none while the interface is down. */
  private @Nullable ChainEntry inboundEntry;

  private final StagedBudget stagedBudget = StagedBudget.ofProcess();

  DataLoop(
      EventLoop loop,
      ShardPlace place,
      TunDevice device,
      DeviceOptions options,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      BootClock clock,
      HandshakeWorkers workers,
      LoopExchange exchange,
      HelpingLoops others) {
    super(loop, place, options, directory, clock, workers);
    this.alarm = new LoopAlarm(loop, clock, this::expire);
    this.helping =
        new HelpingLoop(others, loop, clock, aead, () -> mtu, PooledByteBufAllocator.DEFAULT);
    this.lag = new LoopLag(loop, clock, helping::look);
    shard.stagedMemory().limit(stagedBudget::shareBytes);
    this.pipelines =
        new Pipelines(
            shard, allowedIps, helping.work(), pool, clock, datagrams, udp, handshakes, exchange);
    this.tun = new TunChannel(device, this::takeBatch, this::coalescingRefused);
    this.taps = new LoopTaps(tun);
    this.stagedSender = pipelines.outbound(tun);
    this.results =
        new LoopResults(loop, shard.handshakes(), clock, udp::collect, this::sendCollected);
    stagedBudget.join();
  }

  /** Starts reading the interface. */
  void start() {
    eventLoop().register(tun).syncUninterruptibly();
  }

  /** Visits all peers, a few at a time, so that packets go on between. */
  void visit(PeerVisits visits) {
    while (call(() -> visits.some(clock.nowNs()))) {
      // there are more
    }
  }

  HelpingLoop helping() {
    return helping;
  }

  PeerShard shard() {
    return shard;
  }

  TunChannel tun() {
    return tun;
  }

  @Override
  void addStages(UdpChannel channel) {
    channel.pipeline().addLast(new LagProbe(lag));
    pipelines.inbound(channel, tun);
    run(() -> taps.opened(channel));
    channel.closeFuture().addListener(future -> taps.closed(channel));
  }

  /** The stages of a capture; on the loop's thread. */
  LoopTaps taps() {
    return taps;
  }

  /** For packets that the interface brings. */
  private TunnelBatch takeBatch() {
    lag.packets();
    return pool.take();
  }

  private void coalescingRefused() {
    shard.events().offloadFellBack(shard.number(), "the interface takes no joined packets");
  }

  /** What this loop has done so far; on its thread. */
  LoopCounters counters(LoopMailboxes mailboxes) {
    Map<DropReason, Long> drops = shard.drops().snapshot();
    drops.merge(DropReason.TUN_REFUSED, tun.writeErrors(), Long::sum);
    ShardCounters counters = shard.counters();
    int number = shard.number();
    return new LoopCounters(
        number,
        counters.traffic(),
        drops,
        counters.handshakes(),
        counters.movedByName(),
        handshakes.isUnderLoad(clock.nowNs()),
        BatchCounts.of(counters.interfaceBatches()),
        BatchCounts.of(counters.networkBatches()),
        BatchCounts.of(counters.datagramBatches()),
        sockets.counts(),
        TunCounts.of(tun),
        new LoopQueues(
            shard.stagedMemory().packets(),
            mailboxes.waitingFor(number),
            sockets.pendingMessages(),
            sockets.pendingBytes()),
        mailboxes.handedOverTo(number),
        helping.counts(),
        lag.longestNs(),
        BootClock.threadCpuNs());
  }

  /** Packets that another loop has routed. */
  void enterOutbound(TunnelBatch batch) {
    stagedSender.enter(batch);
  }

  /** Datagrams that came to another loop's socket. */
  void enterInbound(TunnelBatch batch) {
    ChainEntry entry = inboundEntry;
    if (entry == null) {
      batch.release();
    } else {
      entry.enter(batch);
    }
  }

  void setMtu(int mtu) {
    this.mtu = mtu;
  }

  void forgetSessions() {
    shard.forgetSessions(clock.nowNs());
  }

  /** The interface is up: these are its sockets, which are not read before all loops are up. */
  PeerVisits up(BoundPort port) {
    use(port);
    return shard.beginUp();
  }

  /** Sends through other sockets from now on. */
  PeerVisits exchange(BoundPort port) {
    udp.release();
    use(port);
    return shard.beginDropLocalAddresses(); // protocol 4.4
  }

  private void use(BoundPort port) {
    udp.use(port);
    // Either socket's will do: their chains are the same behind it.
    inboundEntry = port.v4().pipeline().get(ChainEntry.class);
  }

  /** The interface is down: nothing is read from its sockets, or sent through them. */
  PeerVisits down(BoundPort port) {
    port.fallSilent();
    udp.release();
    inboundEntry = null;
    return shard.beginDown();
  }

  @Override
  public void sendStaged(Peer peer) {
    stagedSender.send(peer);
  }

  @Override
  LoopResults results() {
    return results;
  }

  private void sendCollected() {
    long refused = udp.sendCollected();
    if (refused > 0) {
      shard.drops().count(DropReason.HANDSHAKE_REFUSED, (int) refused);
    }
  }

  /** Takes an initiation in that was judged before, and costs its source nothing more. */
  void answer(InitiationMessage message, Endpoint source) {
    eventLoop().execute(() -> shard.handshakes().received(message, source, clock.nowNs(), null));
  }

  /** Takes packets in that were kept for a peer of this loop; without one they are dropped. */
  void sendLate(@Nullable Peer peer, List<byte[]> packets) {
    eventLoop()
        .execute(
            () -> {
              if (peer == null) {
                shard.drops().count(DropReason.PEER_ASLEEP, packets.size());
              } else {
                packets.forEach(packet -> shard.transport().stage(peer, packet, clock.nowNs()));
              }
            });
  }

  @Override
  public void wakeAt(long deadlineNs) {
    alarm.at(deadlineNs);
  }

  private void expire() {
    long nowNs = clock.nowNs();
    handshakes.noticeLoad(nowNs);
    stagedSender.collect(); // keepalives of many peers leave with one call
    try {
      shard.expire(nowNs);
    } finally {
      stagedSender.sendCollected();
    }
  }

  /**
   * Ends everything this loop owns, and waits for that. The sockets are closed by who opened them.
   */
  void close() {
    if (tun.isRegistered()) {
      tun.close().awaitUninterruptibly();
    } else {
      tun.device().close(); // it never started
    }
    run(
        () -> {
          wakeAt(Long.MAX_VALUE);
          helping.close(); // before keys, cipher and memory go
          closeShard();
          stagedBudget.leave();
          datagrams.close();
        });
    results.discard();
  }
}
