package io.wgnetty.device;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerRoster;
import io.wgnetty.shard.ShardTransfer;
import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BiPredicate;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** The way of a {@link Device} to another process: of its loops, sockets and peers. */
final class LoopsTransfer implements DeviceTransfer {
  /** How long steps of handshakes that are under way may take before they are given up. */
  private static final long DRAIN_NS = TimeUnit.MILLISECONDS.toNanos(20);

  private final Device device;
  private final DataLoops loops;
  private final DevicePort port;
  private final HandshakeWorkers workers;
  private final PeerConfiguration peers;
  private final AllowedIps<Peer> allowedIps;
  private final DeviceOptions options;
  private final List<ShardTransfer> shards;
  private final BootClock clock = new BootClock();
  private int describedLoop;
  private int describedPeer;
  private final PartsTaken taken = new PartsTaken();

  LoopsTransfer(
      Device device,
      DataLoops loops,
      DevicePort port,
      HandshakeWorkers workers,
      PeerConfiguration peers,
      AllowedIps<Peer> allowedIps,
      DeviceOptions options) {
    this.device = device;
    this.loops = loops;
    this.port = port;
    this.workers = workers;
    this.peers = peers;
    this.allowedIps = allowedIps;
    this.options = options;
    this.shards = loops.all().stream().map(loop -> new ShardTransfer(loop.shard())).toList();
  }

  @Override
  public <T, E extends Exception> T exclusively(Exclusive<T, E> action) throws E {
    synchronized (device) {
      return action.call();
    }
  }

  @Override
  public String name() {
    return device.name();
  }

  // ---- the process that has it

  @Override
  public List<Integer> descriptors() {
    List<Integer> all = new ArrayList<>();
    loops.all().forEach(loop -> all.add(loop.tun().device().fd()));
    SocketGroup sockets = port.inUse();
    if (sockets != null) {
      sockets.fds().forEach(all::addAll);
    }
    return all;
  }

  @Override
  public void describe(StateWriter out) {
    out.int32(loops.all().size());
    SocketGroup sockets = port.inUse();
    out.int32(sockets == null ? 0 : sockets.fds().size());
    if (sockets != null) {
      sockets.fds().forEach(fds -> out.int32(fds.size()));
    }
    out.int32(port.number());
    out.int32(port.fwmark());
    PrivateKey key = device.settings().privateKey();
    out.bool(key != null);
    if (key != null) {
      byte[] bytes = key.copyBytes();
      out.bytes(bytes);
      Arrays.fill(bytes, (byte) 0);
    }
    out.int64(ShardLoop.STAMPS.leadNs());
  }

  @Override
  public boolean describePeers(StateWriter out) {
    DataLoop loop = loops.all().get(describedLoop);
    out.int32(describedLoop);
    loop.run(
        () -> {
          PeerRoster roster = loop.shard().peers();
          while (describedPeer < roster.size() && out.size() < PART_BYTES) {
            Peer peer = roster.get(describedPeer++);
            out.bool(true);
            PublicKey key = peer.publicKey();
            InheritedPeer.save(
                peer, allowedIps, peers.limits().of(key), options.labels().get(key), out);
          }
          out.bool(false);
        });
    if (describedPeer == loop.shard().peers().size()) {
      describedLoop++;
      describedPeer = 0;
    }
    return describedLoop < loops.all().size();
  }

  @Override
  public void suspend() {
    SocketGroup sockets = port.inUse();
    BoundPort rest = sockets == null ? null : sockets.intake();
    loops.intake().run(() -> stopReading(rest));
    loops.each(
        loop -> {
          loop.tun().config().setAutoRead(false);
          stopReading(sockets == null ? null : sockets.of(loop.shard()));
        });
    long deadlineNs = System.nanoTime() + DRAIN_NS;
    while (workers.queued() > 0 && System.nanoTime() - deadlineNs < 0) {
      Thread.onSpinWait();
    }
    boolean unusedIdle = workers.areAlive(Duration.ofNanos(DRAIN_NS));
    loops.each(loop -> {}); // what loops have handed to each other is done
    loops.each(loop -> {}); // and what they had others do of that is taken up
    loops.intake().run(() -> loops.intake().results().hold(true));
    ShardLoop.atOnce(
        loops.all(),
        loop -> {
          loop.results().hold(true);
          shard(loop).suspend();
        });
  }

  private static void stopReading(@Nullable BoundPort pair) {
    if (pair != null) {
      pair.stopReading();
    }
  }

  @Override
  public void saveAhead(int number, Parts parts) throws IOException {
    tell(number, (loop, out) -> shard(loop).saveAhead(out, PART_BYTES), parts);
  }

  @Override
  public void save(int number, Parts parts) throws IOException {
    tell(number, this::save, parts);
  }

  private void tell(int number, BiPredicate<DataLoop, StateWriter> write, Parts parts)
      throws IOException {
    List<PartsTold> told = new ArrayList<>();
    for (DataLoop loop : loops.all()) {
      Predicate<StateWriter> part =
          out -> {
            out.int32(number);
            out.int32(loop.shard().number());
            return write.test(loop, out);
          };
      told.add(new PartsTold(loop.eventLoop(), part));
    }
    PartsTold.send(told, parts);
  }

  private ShardTransfer shard(DataLoop loop) {
    return shards.get(loop.shard().number());
  }

  /**
   * Counters were taken, and windows are marked, when a loop takes up what others have done for it:
   * before that nothing of it may be told.
   */
  private boolean save(DataLoop loop, StateWriter out) {
    if (!loop.helping().work().isIdle()) {
      throw new IllegalStateException("other loops still work for loop " + loop.shard().number());
    }
    return shard(loop).save(out, PART_BYTES);
  }

  @Override
  public void resume() {
    goOn(ShardTransfer::resume);
  }

  @Override
  public void beginAfresh() {
    goOn(ShardTransfer::beginAfresh);
  }

  @Override
  public void leave() {
    peers.leave();
    port.leave();
  }

  @FunctionalInterface
  private interface Step {
    void take(ShardTransfer shard, long nowNs);
  }

  private void goOn(Step step) {
    loops.each(loop -> step.take(shard(loop), clock.nowNs()));
    loops.each(loop -> loop.results().hold(false));
    loops.intake().run(() -> loops.intake().results().hold(false));
    startReading();
  }

  private void startReading() {
    SocketGroup sockets = port.inUse();
    if (sockets != null) {
      loops.startReading(sockets);
    }
    loops.each(loop -> loop.tun().config().setAutoRead(true));
  }

  // ---- the process that takes its place

  @Override
  public void inherit(StateReader in) {
    DataLoop loop = loop(in);
    List<InheritedPeer> some = new ArrayList<>();
    while (in.bool()) {
      some.add(InheritedPeer.restored(in));
    }
    in.end();
    peers.inherit(loop, some);
  }

  @Override
  public void warmUp() throws InterruptedException {
    ContactRehearsal.await();
    ContactRehearsal.rehearseTransfers(options);
  }

  @Override
  public void restoreAhead(StateReader in) {
    DataLoop loop = loop(in);
    taken.take(in, loop.eventLoop(), part -> shard(loop).restoreAhead(part, clock.nowNs()));
  }

  @Override
  public void awaitAhead() {
    taken.await();
  }

  @Override
  public void restore(StateReader in) {
    DataLoop loop = loop(in);
    taken.take(in, loop.eventLoop(), part -> shard(loop).restore(part, clock.nowNs()));
  }

  @Override
  public void awaitAll() {
    taken.close();
    loops.each(loop -> shard(loop).requireAll());
  }

  private DataLoop loop(StateReader in) {
    return loops.all().get(in.int32(0, loops.all().size() - 1, "a loop"));
  }

  @Override
  public void begin() {
    SocketGroup sockets = port.inUse();
    if (sockets != null) {
      BoundPort rest = sockets.intake();
      if (rest != null) {
        loops.intake().run(() -> loops.intake().up(rest));
      }
      ShardLoop.atOnce(
          loops.all(),
          loop -> {
            var unusedVisits = loop.exchange(sockets.of(loop.shard()));
            shard(loop).begin(clock.nowNs());
          });
    }
    startReading();
  }
}
