package io.wgnetty.device;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.counters.DropReason;
import io.wgnetty.counters.ShardCounters;
import io.wgnetty.crypto.Aead;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.ChainEntry;
import io.wgnetty.pipeline.DatagramBatch;
import io.wgnetty.pipeline.HandshakeReceiver;
import io.wgnetty.pipeline.LoopCipher;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.Pipelines;
import io.wgnetty.pipeline.StagedSender;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.InitiationMessage;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.PeerVisits;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import io.wgnetty.tun.TunChannel;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSocket;
import java.security.SecureRandom;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One event loop with all that it owns: a TUN queue, a pair of UDP sockets, a shard of the peers, a
 * cipher, batches. The constructor, {@link #start}, {@link #register}, {@link #call}, {@link #run}
 * and {@link #close} are for other threads; all else runs on the loop's.
 */
final class DataLoop implements ShardOutput, SocketOwner {
  private final EventLoop loop;
  private final BootClock clock;
  private final HandshakeWorkers workers;
  private final UdpSockets udp = new UdpSockets();
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(pool -> new TunnelBatch(PooledByteBufAllocator.DEFAULT, pool));

  /** One for the process: an interface that is removed and made again may have the same peers. */
  private static final StampClock STAMPS = new StampClock();

  private final DatagramBatch datagrams = new DatagramBatch(PooledByteBufAllocator.DEFAULT);
  private final SecureRandom random = new SecureRandom();
  private final Aead aead;
  private final PeerShard shard;
  private final HandshakeReceiver handshakes;
  private final Pipelines pipelines;
  private final TunChannel tun;
  private final StagedSender stagedSender;
  private final LoopResults results;
  private final LoopAlarm alarm;
  private final LoopLag lag;
  private volatile int mtu;

  /** On the loop's thread. */
  private final LoopSockets sockets = new LoopSockets();

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
      LoopExchange exchange) {
    this.loop = loop;
    this.clock = clock;
    this.alarm = new LoopAlarm(loop, clock, this::expire);
    this.lag = new LoopLag(loop, clock);
    this.workers = workers;
    this.aead = options.aead().create();
    this.shard =
        new PeerShard(
            place,
            options.timings(),
            directory,
            random,
            WallClock::epochNs,
            STAMPS,
            aead,
            this,
            options.events());
    shard.stagedMemory().limit(stagedBudget::shareBytes);
    this.handshakes = new HandshakeReceiver(shard, udp, workers::unproven);
    this.pipelines =
        new Pipelines(
            shard,
            allowedIps,
            new LoopCipher(aead, () -> mtu),
            pool,
            clock,
            datagrams,
            udp,
            handshakes,
            exchange);
    this.tun = new TunChannel(device, this::takeBatch, this::coalescingRefused);
    this.stagedSender = pipelines.outbound(tun);
    this.results =
        new LoopResults(loop, shard.handshakes(), clock, udp::collect, this::sendCollected);
    stagedBudget.join();
  }

  /** Starts reading the interface. */
  void start() {
    loop.register(tun).syncUninterruptibly();
  }

  /** Runs something on the loop's thread and waits for what it returns. */
  <T> T call(Supplier<T> task) {
    if (loop.inEventLoop()) {
      return task.get();
    }
    return loop.submit(task::get).syncUninterruptibly().getNow();
  }

  /** Runs something on the loop's thread and waits for its end. */
  void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  /** Visits all peers, a few at a time, so that packets go on between. */
  void visit(PeerVisits visits) {
    while (call(() -> visits.some(clock.nowNs()))) {
      // there are more
    }
  }

  EventLoop eventLoop() {
    return loop;
  }

  PeerShard shard() {
    return shard;
  }

  TunChannel tun() {
    return tun;
  }

  @Override
  public UdpChannel register(UdpSocket socket) {
    UdpChannel channel =
        new UdpChannel(
            socket, PooledByteBufAllocator.DEFAULT, shard.drops(), this::segmentationRefused);
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new LagProbe(lag));
    pipelines.inbound(channel, tun);
    run(() -> sockets.opened(channel)); // before it counts anything
    channel.closeFuture().addListener(future -> sockets.closed(channel));
    loop.register(channel).syncUninterruptibly();
    return channel;
  }

  /** For packets that the interface brings. */
  private TunnelBatch takeBatch() {
    lag.packets();
    return pool.take();
  }

  private void segmentationRefused(Endpoint destination) {
    shard
        .events()
        .offloadFellBack(shard.number(), "the kernel cuts no messages for " + destination);
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

  /** The device's identity, and the limits that all its loops keep together. */
  PeerVisits setIdentity(@Nullable LocalIdentity identity, HandshakeLimits limits) {
    handshakes.setAdmission(
        identity == null ? null : HandshakeAdmission.of(identity, aead, random, limits));
    return shard.beginIdentity(identity);
  }

  void forgetSessions() {
    shard.forgetSessions(clock.nowNs());
  }

  /** The interface is up: these are its sockets, which are not read before all loops are up. */
  PeerVisits up(BoundPort port) {
    use(port);
    return shard.beginUp();
  }

  void startReading(BoundPort port) {
    port.startReading();
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

  /** Closes sockets that were exchanged for others, once all that came to them is read. */
  void finish(BoundPort port) {
    port.readRest();
    port.close();
  }

  /** The interface is down: nothing is read from its sockets, or sent through them. */
  PeerVisits down(BoundPort port) {
    port.fallSilent();
    udp.release();
    inboundEntry = null;
    return shard.beginDown();
  }

  /** Throws away what came to sockets that are not read. */
  void discard(BoundPort port) {
    port.discard(DropReason.LINK_DOWN);
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return udp.send(message, destination, UdpSockets.HANDSHAKE_TOS);
  }

  @Override
  public void sendStaged(Peer peer) {
    stagedSender.send(peer);
  }

  @Override
  public boolean submit(HandshakeJob job) {
    return workers.submit(job);
  }

  /** Where workers leave what they have computed for this loop's peers. */
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
    loop.execute(() -> shard.handshakes().received(message, source, clock.nowNs(), null));
  }

  /** Takes packets in that were kept for a peer of this loop; without one they are dropped. */
  void sendLate(@Nullable Peer peer, List<byte[]> packets) {
    loop.execute(
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
          shard.down();
          shard.setIdentity(null);
          shard.close();
          stagedBudget.leave();
          aead.close();
          pool.close();
          datagrams.close();
        });
    results.discard();
  }
}
