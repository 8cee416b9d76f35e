package io.wgnetty.device;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.Future;
import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLimits;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.ShardTables;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.relay.NodeRelay;
import io.wgnetty.relay.RelayKeys;
import io.wgnetty.shard.PeerVisits;
import io.wgnetty.tun.TunChannel;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * An interface's data loops, each with its own TUN queue, sockets and share of the peers. For the
 * threads that control the interface.
 */
final class DataLoops implements AutoCloseable {
  private static final long SHUTDOWN_SECONDS = 5;

  private final EventLoopGroup group;
  private final List<DataLoop> loops = new ArrayList<>();
  private final LoopMailboxes mailboxes;
  private final HelpingLoops helping;
  private final IntakeLoop intake;
  private final DealtPeers dealt;
  private final int workers;
  private @Nullable HandshakeLimits limits;

  private DataLoops(
      EventLoopGroup group,
      int count,
      DeviceOptions options,
      LoopMailboxes mailboxes,
      IntakeLoop intake) {
    this.group = group;
    this.workers = options.handshakeWorkers();
    this.mailboxes = mailboxes;
    this.helping = new HelpingLoops(options.help(), count);
    this.intake = intake;
    this.dealt = new DealtPeers(loops, count);
  }

  /** Loops that stand still until {@link #start}. */
  static DataLoops open(
      DeviceOptions options,
      @Nullable DeviceInheritance inherited,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      BootClock clock,
      HandshakeWorkers workers)
      throws IOException {
    TunDevice tun = options.tun();
    int count = DeviceInheritance.loops(inherited, options);
    var threads = new DefaultThreadFactory(tun.name() + "-data", true);
    EventLoopGroup group =
        new MultiThreadIoEventLoopGroup(count, threads, EpollIoHandler.newFactory());
    var mailboxes = new LoopMailboxes(count);
    DataLoops all;
    try {
      var place = new ShardPlace(count, ShardPlace.of(0, count).bits(), options.node());
      var intake = new IntakeLoop(place, options, directory, clock, workers, mailboxes);
      all = new DataLoops(group, count, options, mailboxes, intake);
    } catch (Throwable e) { // also when memory is short
      var unusedEnd = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
      throw e;
    }
    try {
      for (int i = 0; i < count; i++) {
        TunDevice queue = DeviceInheritance.queue(inherited, tun, i);
        if (inherited == null) { // packets may wait in a queue that another process has read
          DealtPeers.rest(queue, i);
        }
        all.add(queue, options, directory, allowedIps, clock, workers);
      }
    } catch (Throwable e) { // also when memory is short
      all.close();
      throw e;
    }
    all.mailboxes.connect(all.loops);
    all.helping.connect(all.loops.stream().map(DataLoop::helping).toList());
    return all;
  }

  private void add(
      TunDevice queue,
      DeviceOptions options,
      PeerDirectory directory,
      AllowedIps<Peer> allowedIps,
      BootClock clock,
      HandshakeWorkers workers) {
    var place = ShardPlace.of(loops.size(), mailboxes.loops()).at(options.node());
    try {
      loops.add(
          new DataLoop(
              group.next(),
              place,
              queue,
              options,
              directory,
              allowedIps,
              clock,
              workers,
              mailboxes,
              helping));
    } catch (Throwable e) {
      queue.close();
      throw e;
    }
  }

  /** The way to other nodes, which every loop takes from now on. */
  NodeRelay relay(InetSocketAddress address, RelayKeys keys) throws IOException {
    DataLoop first = loops.getFirst();
    ShardPlace place = first.shard().state().place();
    String name = first.tun().device().name();
    NodeRelay relay = NodeRelay.open(name, address, keys, place, mailboxes);
    mailboxes.setRelay(relay);
    return relay;
  }

  /** Starts reading the interface, now or when it is told to. */
  void start(boolean reading) {
    for (DataLoop loop : loops) {
      loop.tun().config().setAutoRead(reading);
      loop.start();
    }
  }

  /** The loop that reads what belongs to no session. */
  IntakeLoop intake() {
    return intake;
  }

  /**
   * Says when any loop's queue of the interface closes: the interface is then deaf for the loop's
   * peers.
   *
   * @param listener hears whether the interface was deleted; called on a loop's thread
   */
  void whenAnyQueueCloses(Consumer<Boolean> listener) {
    for (DataLoop loop : loops) {
      TunChannel queue = loop.tun();
      queue.closeFuture().addListener(future -> listener.accept(queue.isInterfaceDeleted()));
    }
  }

  List<DataLoop> all() {
    return loops;
  }

  /** The loop of a shard. */
  DataLoop of(ShardTables shard) {
    return loops.get(shard.number());
  }

  /** Which loops the peers are dealt to. */
  DealtPeers dealt() {
    return dealt;
  }

  /** Does something on every loop's own thread, one after the other. */
  void each(Consumer<DataLoop> task) {
    for (DataLoop loop : loops) {
      loop.run(() -> task.accept(loop));
    }
  }

  /**
   * Begins something on every loop's own thread, and then has it done to all peers of each loop, a
   * few at a time.
   */
  void visit(Function<DataLoop, PeerVisits> begin) {
    List<PeerVisits> begun =
        loops.stream().map(loop -> loop.call(() -> begin.apply(loop))).toList();
    for (int i = 0; i < begun.size(); i++) {
      loops.get(i).visit(begun.get(i));
    }
  }

  /**
   * Binds sockets for all loops.
   *
   * @throws IOException if the port is in use, or an option is refused
   */
  SocketGroup bind(int port, UdpSettings settings) throws IOException {
    return SocketGroup.bind(loops, intake, port, settings);
  }

  /** The link is up, and these are the sockets. */
  void up(SocketGroup group) {
    // All first: an initiation that one loop reads may be for a peer of another.
    visit(loop -> loop.up(group.of(loop.shard())));
    BoundPort rest = group.intake();
    if (rest != null) {
      intake.run(() -> intake.up(rest));
    }
    startReading(group);
  }

  void startReading(SocketGroup group) {
    each(loop -> group.of(loop.shard()).startReading());
    BoundPort rest = group.intake();
    if (rest != null) {
      intake.run(rest::startReading);
    }
  }

  /** Other sockets take the place of those in use, which are closed. */
  void exchange(SocketGroup old, SocketGroup fresh) {
    visit(loop -> loop.exchange(fresh.of(loop.shard())));
    intake.run(() -> intake.exchange(fresh.intake()));
    startReading(fresh);
    each(
        loop -> {
          BoundPort port = old.of(loop.shard());
          port.readRest();
          port.close();
        });
    BoundPort rest = old.intake();
    if (rest != null) {
      intake.run(rest::readRest);
      rest.close();
    }
  }

  /** The link is down: nothing is read from these sockets, or sent through them. */
  void down(SocketGroup group) {
    BoundPort rest = group.intake();
    if (rest != null) {
      intake.run(() -> intake.down(rest));
    }
    visit(loop -> loop.down(group.of(loop.shard())));
  }

  /**
   * Throws away what came to sockets that are not read, but for what came since this was called
   * before.
   */
  void discardOld(SocketGroup group) {
    each(loop -> group.of(loop.shard()).setAside());
    BoundPort rest = group.intake();
    if (rest != null) {
      intake.run(rest::setAside);
    }
  }

  /** Brings what workers have computed to the loops that it belongs to. Any thread. */
  void deliver(List<HandshakeJob> done) {
    for (HandshakeJob job : done) {
      resultsOf(job.owner()).add(job);
    }
    for (HandshakeJob job : done) {
      resultsOf(job.owner()).announce();
    }
  }

  private LoopResults resultsOf(int shard) {
    return shard < loops.size() ? loops.get(shard).results() : intake.results();
  }

  void setMtu(int mtu) {
    loops.forEach(loop -> loop.setMtu(mtu));
  }

  void setIdentity(@Nullable LocalIdentity identity) {
    HandshakeLimits old = limits;
    HandshakeLimits fresh = HandshakeLimits.of(workers, new SecureRandom());
    limits = fresh;
    visit(loop -> loop.setIdentity(identity, fresh));
    intake.run(() -> intake.setIdentity(identity, fresh));
    visit(loop -> loop.shard().beginFlush());
    if (old != null) {
      old.secrets().wipe();
    }
  }

  /** What each loop has done so far: all are asked before the first has answered. */
  List<LoopCounters> counters() {
    List<Future<LoopCounters>> answers =
        loops.stream()
            .map(loop -> loop.eventLoop().submit(() -> loop.counters(mailboxes)))
            .toList();
    return answers.stream().map(answer -> answer.syncUninterruptibly().getNow()).toList();
  }

  /** What the loop has done so far that reads what belongs to no session. */
  LoopCounters intakeCounters() {
    return intake.call(intake::counters);
  }

  /** Packets that one loop has handed to another so far. */
  HandedOver handedOver() {
    return mailboxes.handedOver();
  }

  /** Whether each of them does what it is asked, within this time. */
  boolean answer(Duration patience) {
    List<ShardLoop> all = new ArrayList<>(loops);
    all.add(intake);
    return ShardLoop.answer(all, patience);
  }

  /** Leaves the interface without waiting for loops that do not answer. */
  void abandon() {
    loops.forEach(loop -> loop.tun().device().close());
    intake.abandon();
    var unusedEnd = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
  }

  @Override
  public void close() {
    intake.close();
    loops.forEach(DataLoop::close);
    if (limits != null) {
      limits.secrets().wipe();
    }
    group.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS).syncUninterruptibly();
  }
}
