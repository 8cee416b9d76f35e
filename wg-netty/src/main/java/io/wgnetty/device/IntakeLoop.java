package io.wgnetty.device;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.LoopExchange;
import io.wgnetty.pipeline.Pipelines;
import io.wgnetty.udp.UdpChannel;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The event loop that reads what belongs to no session: initiations, and whatever is no message of
 * ours. A flood fills its sockets alone, and is read in a measure ({@link IntakePace}): the rest is
 * dropped by the kernel, which costs those who carry data nothing.
 *
 * <p>It has a shard, without peers: what comes to nothing ends here. What comes to something goes
 * from the workers to the peer's own loop, as ever. {@link #close} is for other threads.
 */
final class IntakeLoop extends ShardLoop implements AutoCloseable {
  private static final long SHUTDOWN_SECONDS = 5;

  /** Load ends a second after it was last seen. */
  private static final long LOOK_AGAIN_MS = 1_100;

  private final EventLoopGroup group;
  private final HandshakeWorkers workers;
  private final LoopExchange exchange;
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
    this(groupFor(options), place, options, directory, clock, workers, exchange);
  }

  private IntakeLoop(
      EventLoopGroup group,
      ShardPlace place,
      DeviceOptions options,
      PeerDirectory directory,
      BootClock clock,
      HandshakeWorkers workers,
      LoopExchange exchange) {
    super(group.next(), place, options, directory, clock, workers);
    this.group = group;
    this.workers = workers;
    this.exchange = exchange;
    this.results = new LoopResults(eventLoop(), shard.handshakes(), clock, () -> {}, () -> {});
  }

  private static EventLoopGroup groupFor(DeviceOptions options) {
    var threads = new DefaultThreadFactory(options.tun().name() + "-intake", true);
    return new MultiThreadIoEventLoopGroup(1, threads, EpollIoHandler.newFactory());
  }

  @Override
  LoopResults results() {
    return results;
  }

  @Override
  void addStages(UdpChannel channel) {
    channel.pipeline().addLast(new IntakePace(udp, channel::rest, this::isOpenToAll));
    Pipelines.intake(channel, shard, handshakes, clock, exchange, pool);
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
      var unusedLook =
          eventLoop().schedule(this::lookForEndOfLoad, LOOK_AGAIN_MS, TimeUnit.MILLISECONDS);
    }
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
  public void sendStaged(Peer peer) {
    throw new IllegalStateException("this shard has no peers");
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
      run(this::closeShard);
    } catch (RejectedExecutionException e) {
      return; // it was closed before
    }
    results.discard();
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
