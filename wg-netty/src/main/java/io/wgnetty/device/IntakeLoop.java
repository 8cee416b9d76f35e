package io.wgnetty.device;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.Aead;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.HandshakeReceiver;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.Pipelines;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSocket;
import java.security.SecureRandom;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The event loop that reads what belongs to no session: initiations, and whatever is no message of
 * ours. A flood fills its sockets alone, and is read in a measure ({@link IntakePace}): the rest is
 * dropped by the kernel, which costs those who carry data nothing.
 *
 * <p>It has a shard, without peers: what comes to nothing ends here. What comes to something goes
 * from the workers to the peer's own loop, as ever. The constructor, {@link #run}, {@link #call},
 * {@link #register} and {@link #close} are for other threads; all else runs on the loop's.
 */
final class IntakeLoop implements ShardOutput, SocketOwner, AutoCloseable {
  private static final long SHUTDOWN_SECONDS = 5;

  /** Load ends a second after it was last seen. */
  private static final long LOOK_AGAIN_MS = 1_100;

  private final EventLoopGroup group;
  private final EventLoop loop;
  private final BootClock clock;
  private final HandshakeWorkers workers;
  private final LoopExchange exchange;
  private final UdpSockets udp = new UdpSockets();
  private final LoopSockets sockets = new LoopSockets();
  private final SecureRandom random = new SecureRandom();
  private final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(PooledByteBufAllocator.DEFAULT, owner));
  private final Aead aead;
  private final PeerShard shard;
  private final HandshakeReceiver handshakes;
  private final LoopResults results;
  private boolean looksForEndOfLoad;

  /**
   * A loop that reads nothing yet.
   *
   * @param place its number, behind those of the data loops, and their bits
   */
  IntakeLoop(
      ShardPlace place,
      DeviceOptions options,
      PeerDirectory directory,
      BootClock clock,
      HandshakeWorkers workers,
      LoopExchange exchange) {
    this.clock = clock;
    this.workers = workers;
    this.exchange = exchange;
    var threads = new DefaultThreadFactory(options.tun().name() + "-intake", true);
    this.group = new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory());
    this.loop = group.next();
    this.aead = options.aead().create();
    this.shard =
        new PeerShard(
            place,
            options.timings(),
            directory,
            random,
            WallClock::epochNs,
            new StampClock(),
            aead,
            this,
            options.events());
    this.handshakes = new HandshakeReceiver(shard, udp, workers::unproven);
    this.results = new LoopResults(loop, shard.handshakes(), clock, () -> {}, () -> {});
  }

  EventLoop eventLoop() {
    return loop;
  }

  /** Runs something on the loop's thread and waits for what it returns. */
  <T> T call(Supplier<T> task) {
    return loop.submit(task::get).syncUninterruptibly().getNow();
  }

  /** Runs something on the loop's thread and waits for its end. */
  void run(Runnable task) {
    loop.submit(task).syncUninterruptibly();
  }

  LoopResults results() {
    return results;
  }

  @Override
  public UdpChannel register(UdpSocket socket) {
    UdpChannel channel = new UdpChannel(socket, PooledByteBufAllocator.DEFAULT, shard.drops());
    channel.config().setAutoRead(false);
    channel.pipeline().addLast(new IntakePace(udp, this::isOpenToAll));
    Pipelines.intake(channel, shard, handshakes, clock, exchange, pool);
    run(() -> sockets.opened(channel)); // before it counts anything
    channel.closeFuture().addListener(future -> sockets.closed(channel));
    loop.register(channel).syncUninterruptibly();
    return channel;
  }

  /** Asked after each turn of reading. */
  private boolean isOpenToAll() {
    boolean loaded = handshakes.isUnderLoad(clock.nowNs());
    if (loaded && !looksForEndOfLoad) {
      looksForEndOfLoad = true; // also if nothing comes any more
      lookForEndOfLoad();
    }
    return !loaded && workers.unproven() < HandshakeLanes.INCOMING_CAPACITY;
  }

  private void lookForEndOfLoad() {
    long nowNs = clock.nowNs();
    handshakes.noticeLoad(nowNs);
    looksForEndOfLoad = handshakes.isUnderLoad(nowNs);
    if (looksForEndOfLoad) {
      var unusedLook = loop.schedule(this::lookForEndOfLoad, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    }
  }

  void setIdentity(@Nullable LocalIdentity identity, HandshakeLimits limits) {
    handshakes.setAdmission(
        identity == null ? null : HandshakeAdmission.of(identity, aead, random, limits));
    shard.setIdentity(identity);
  }

  void up(BoundPort port) {
    udp.use(port);
    shard.up(clock.nowNs());
  }

  /** Sends through other sockets from now on; {@code null} is none. */
  void exchange(@Nullable BoundPort port) {
    udp.release();
    if (port != null) {
      udp.use(port);
    }
  }

  void down(BoundPort port) {
    port.fallSilent();
    udp.release();
    shard.down();
  }

  void discard(BoundPort port) {
    port.discard(DropReason.LINK_DOWN);
  }

  /** What this loop has done so far; on its thread. */
  LoopCounters counters() {
    return LoopCounters.none(shard.number())
        .ofIntake(
            shard.drops().snapshot(),
            shard.counters(),
            handshakes.isUnderLoad(clock.nowNs()),
            sockets,
            BootClock.threadCpuNs());
  }

  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return udp.send(message, destination, UdpSockets.HANDSHAKE_TOS);
  }

  @Override
  public void sendStaged(Peer peer) {
    throw new IllegalStateException("this shard has no peers");
  }

  @Override
  public boolean submit(HandshakeJob job) {
    return workers.submit(job);
  }

  @Override
  public void wakeAt(long deadlineNs) {
    // Timers are of peers, and there are none.
  }

  /** Ends the loop without waiting for it. */
  void abandon() {
    var unusedEnd = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  /** Ends the loop. The sockets are closed by who opened them. */
  @Override
  public void close() {
    try {
      run(
          () -> {
            shard.down();
            shard.setIdentity(null);
            shard.close();
            aead.close();
            pool.close();
          });
    } catch (RejectedExecutionException e) {
      return; // it was closed before
    }
    results.discard();
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
