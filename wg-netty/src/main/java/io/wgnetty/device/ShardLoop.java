package io.wgnetty.device;

import io.netty.buffer.PooledByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.wgnetty.crypto.Aead;
import io.wgnetty.handshake.HandshakeAdmission;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.handshake.StampClock;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.pipeline.HandshakeReceiver;
import io.wgnetty.pipeline.TunnelBatch;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.PeerVisits;
import io.wgnetty.shard.ShardOutput;
import io.wgnetty.tun.PacketBatchPool;
import io.wgnetty.udp.UdpChannel;
import io.wgnetty.udp.UdpSocket;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop that owns a shard, with what belongs to that: a pair of UDP sockets, a cipher,
 * randomness, batches, and the rules by which handshake messages are taken in. The constructor,
 * {@link #register}, {@link #call} and {@link #run} are for other threads; all else runs on the
 * loop's.
 */
abstract class ShardLoop implements ShardOutput, SocketOwner {
  /** One for the process: an interface that is removed and made again may have the same peers. */
  static final StampClock STAMPS = new StampClock();

  private final EventLoop loop;
  private final HandshakeWorkers workers;
  private final SecureRandom random = new SecureRandom();

  final BootClock clock;
  final UdpSockets udp = new UdpSockets();
  final LoopSockets sockets = new LoopSockets();
  final PacketBatchPool<TunnelBatch> pool =
      new PacketBatchPool<>(owner -> new TunnelBatch(PooledByteBufAllocator.DEFAULT, owner));
  final Aead aead;
  final PeerShard shard;
  final HandshakeReceiver handshakes;

  ShardLoop(
      EventLoop loop,
      ShardPlace place,
      DeviceOptions options,
      PeerDirectory directory,
      BootClock clock,
      HandshakeWorkers workers) {
    this.loop = loop;
    this.clock = clock;
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
    this.handshakes = new HandshakeReceiver(shard, udp, workers::unproven);
  }

  final EventLoop eventLoop() {
    return loop;
  }

  /** Runs something on the loop's thread and waits for what it returns. */
  final <T> T call(Supplier<T> task) {
    if (loop.inEventLoop()) {
      return task.get();
    }
    return loop.submit(task::get).syncUninterruptibly().getNow();
  }

  /** Runs something on the loop's thread and waits for its end. */
  final void run(Runnable task) {
    call(
        () -> {
          task.run();
          return true;
        });
  }

  /**
   * Does something on each loop's thread, on all of them at once, and returns when all have done
   * it, or failed.
   *
   * @throws RuntimeException what the first that failed has thrown
   */
  static <L extends ShardLoop> void atOnce(List<L> all, Consumer<L> task) {
    List<Future<?>> done = new ArrayList<>();
    for (L each : all) {
      done.add(((ShardLoop) each).loop.submit(() -> task.accept(each)));
    }
    for (Future<?> each : done) {
      var unusedEnded = each.awaitUninterruptibly();
    }
    for (Future<?> each : done) {
      var unusedWell = each.syncUninterruptibly();
    }
  }

  /** Whether each of them does what it is asked, within this time. */
  static boolean answer(List<ShardLoop> all, Duration patience) {
    long deadlineNs = System.nanoTime() + patience.toNanos();
    List<Future<?>> answers = new ArrayList<>();
    try {
      for (ShardLoop each : all) {
        answers.add(each.loop.submit(() -> {}));
      }
    } catch (RejectedExecutionException e) {
      return false; // one has ended
    }
    for (Future<?> answer : answers) {
      long leftNs = Math.max(0, deadlineNs - System.nanoTime());
      if (!answer.awaitUninterruptibly(leftNs, TimeUnit.NANOSECONDS)) {
        return false;
      }
    }
    return true;
  }

  @Override
  public final UdpChannel register(UdpSocket socket) {
    UdpChannel channel =
        new UdpChannel(
            socket, PooledByteBufAllocator.DEFAULT, shard.drops(), this::segmentationRefused);
    channel.config().setAutoRead(false);
    addStages(channel);
    run(() -> sockets.opened(channel)); // before it counts anything
    channel.closeFuture().addListener(future -> sockets.closed(channel));
    loop.register(channel).syncUninterruptibly();
    return channel;
  }

  /** Puts together the chain of what a socket brings. */
  abstract void addStages(UdpChannel channel);

  private void segmentationRefused(Endpoint destination) {
    shard
        .events()
        .offloadFellBack(shard.number(), "the kernel cuts no messages for " + destination);
  }

  /** Where workers leave what they have computed for this loop. */
  abstract LoopResults results();

  /** The device's identity, and the limits that all its loops keep together. */
  final PeerVisits setIdentity(@Nullable LocalIdentity identity, HandshakeLimits limits) {
    handshakes.setAdmission(
        identity == null ? null : HandshakeAdmission.of(identity, aead, random, limits));
    return shard.beginIdentity(identity);
  }

  @Override
  public final boolean sendHandshake(byte[] message, Endpoint destination) {
    return udp.send(message, destination, UdpSockets.HANDSHAKE_TOS);
  }

  @Override
  public final boolean submit(HandshakeJob job) {
    return workers.submit(job);
  }

  /** Ends the shard, and frees what belongs to it. */
  final void closeShard() {
    shard.down();
    shard.setIdentity(null);
    shard.close();
    aead.close();
    pool.close();
  }
}
