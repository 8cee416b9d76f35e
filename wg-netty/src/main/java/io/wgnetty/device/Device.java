package io.wgnetty.device;

import io.wgnetty.allowedips.AllowedIps;
import io.wgnetty.crypto.AeadProvider;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.tun.LinkMonitor;
import io.wgnetty.tun.LinkState;
import io.wgnetty.tun.TunDevice;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running WireGuard interface: its event loop, sockets, handshake workers and peers.
 *
 * <p>Its sockets exist while the link is up, as {@code ip link set up} and {@code down} tell. Calls
 * that change it are made one at a time; they hand each change to the thread that owns what is
 * changed, and wait.
 */
public final class Device implements DeviceControl, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Device.class);

  /** For the event loops to show that they can end in good order. */
  private static final Duration PATIENCE_AT_END = Duration.ofSeconds(2);

  private final TunDevice tun;
  private final DeviceOptions options;
  private final HandshakeWorkers workers;
  private final DataLoops loops;
  private final Captures captures;
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final PeerDirectory directory = new PeerDirectory();
  private final PeerConfiguration peers;
  private final PeerInspection inspection;
  private final PortTimer timer;
  private final DevicePort port;
  private final LinkMonitor links;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();
  private @Nullable LocalIdentity identity;
  private volatile boolean closed;
  private volatile DeviceCounters countersAtEnd = DeviceCounters.NOTHING;

  Device(DeviceOptions options, @Nullable DeviceInheritance inherited) throws IOException {
    this.options = options;
    this.tun = options.tun();
    BootClock clock = new BootClock();
    this.workers = HandshakeWorkers.of(options, clock, this::deliver);
    this.loops =
        DeviceInheritance.openLoops(inherited, options, directory, allowedIps, clock, workers);
    this.captures = new DeviceCaptures(loops);
    this.peers = new PeerConfiguration(loops, directory, allowedIps, clock, options);
    this.inspection =
        new PeerInspection(loops, directory, allowedIps, clock, options.labels(), peers.limits());
    this.timer = new PortTimer(tun.name(), this, this::tickPort);
    this.port = new DevicePort(tun.name(), loops, options.udp(), tun::takesPackets, timer::start);
    try {
      loops.setMtu(tun.mtu());
      if (inherited != null) {
        inherited.adoptSockets(loops, port, options.udp());
      }
      loops.start(inherited == null);
      loops.whenAnyQueueCloses(this::wentAway);
      this.links =
          LinkMonitor.open(tun, new BoundedLink(tun, this::linkChanged, () -> wentAway(true)));
    } catch (Throwable e) { // also when memory is short
      workers.close();
      loops.close();
      throw e;
    }
  }

  /**
   * Runs a WireGuard node on an interface.
   *
   * @throws IOException if a queue of the interface can not be opened
   */
  public static Device open(DeviceOptions options) throws IOException {
    LOG.info(
        "interface {}: event loops {}, cipher {}, key agreement {}",
        options.tun().name(),
        options.loops(),
        options.aead().name(),
        options.x25519().name());
    Device device = new Device(options, null);
    ContactRehearsal.begin(options);
    return device;
  }

  /** How this node goes to another process, or what another knew comes here. */
  public DeviceTransfer transfer() {
    return new LoopsTransfer(this, loops, port, workers, peers, allowedIps, options);
  }

  public String name() {
    return tun.name();
  }

  /** Completed when the interface was deleted from outside; exceptionally if it lost a queue. */
  public CompletionStage<Void> gone() {
    return gone;
  }

  @Override
  public DeviceCounters counters() {
    if (closed) {
      return countersAtEnd;
    }
    try {
      return new DeviceCounters(
          loops.counters(),
          loops.intakeCounters(),
          workers.queued(),
          HandshakeLanes.INCOMING_CAPACITY,
          workers.failures(),
          port.failure() == null,
          inspection.population());
    } catch (RejectedExecutionException e) {
      return countersAtEnd; // it was closed meanwhile
    }
  }

  /**
   * Whether its event loops and its handshake workers still do what they are asked. No peer is
   * looked at, so it costs little however many there are.
   *
   * @param patience how long each of them has for that
   */
  public boolean isAlive(Duration patience) {
    try {
      return closed || (loops.answer(patience) && workers.areAlive(patience)) || closed;
    } catch (RejectedExecutionException e) {
      return closed; // it is being closed just now
    }
  }

  /** Packets that one loop has handed to another so far. */
  public HandedOver handedOver() {
    return loops.handedOver();
  }

  private void deliver(List<HandshakeJob> done) {
    loops.deliver(done);
  }

  @Override
  public AeadProvider aead() {
    return options.aead();
  }

  @Override
  public Captures captures() {
    return captures;
  }

  @Override
  public synchronized DeviceSettings settings() {
    return new DeviceSettings(
        identity == null ? null : identity.privateKey(),
        port.number(),
        port.fwmark(),
        port.failure());
  }

  @Override
  public synchronized void setPrivateKey(@Nullable PrivateKey key) {
    LocalIdentity old = identity;
    boolean unchanged = old == null ? key == null : old.privateKey().sameAs(key);
    if (unchanged) {
      if (key != null) {
        key.wipe();
      }
      return;
    }
    LocalIdentity fresh = key == null ? null : new LocalIdentity(key, options.x25519());
    if (fresh != null) {
      peers.removeIfPresent(fresh.publicKey()); // protocol 3.8: nobody is their own peer
    }
    identity = fresh;
    peers.setOwnKey(fresh == null ? null : fresh.publicKey());
    loops.setIdentity(fresh);
    port.setHasKey(fresh != null);
    if (old != null) {
      old.privateKey().wipe();
    }
  }

  @Override
  public synchronized void setListenPort(int number) throws IOException {
    port.setNumber(number);
  }

  @Override
  public synchronized void setFwmark(int mark) throws IOException {
    port.setFwmark(mark);
  }

  @Override
  public synchronized void removeAllPeers() {
    peers.removeAll();
  }

  @Override
  public synchronized void apply(List<PeerChange> changes) {
    peers.apply(changes);
  }

  @Override
  public synchronized void moveByName(PublicKey key, String name, Endpoint endpoint) {
    peers.moveByName(key, name, endpoint);
  }

  @Override
  public Callers callers() {
    return peers;
  }

  @Override
  public PeerSessions sessions() {
    return peers;
  }

  @Override
  public synchronized boolean hasPeer(PublicKey key) {
    return directory.find(key) != null;
  }

  @Override
  public synchronized List<PublicKey> peerKeys() {
    return peers.keys();
  }

  @Override
  public synchronized List<PeerSnapshot> snapshots(List<PublicKey> keys) {
    return inspection.snapshots(keys);
  }

  @Override
  public synchronized List<PeerDetails> details(List<PublicKey> keys) {
    return inspection.details(keys);
  }

  @Override
  public synchronized List<PeerTrace> traces(List<PublicKey> keys) {
    return closed ? List.of() : inspection.traces(keys);
  }

  @Override
  public List<PeerTraffic> traffic() {
    return inspection.traffic();
  }

  @Override
  public Limits limits() {
    return peers.limits();
  }

  @Override
  public void setLabel(PublicKey key, @Nullable String label) {
    options.labels().set(key, label);
  }

  @Override
  public @Nullable String label(PublicKey key) {
    return options.labels().get(key);
  }

  @Override
  public synchronized void bringUp() throws IOException {
    if (!closed) {
      loops.setMtu(tun.mtu());
      port.bringUp();
    }
  }

  @Override
  public synchronized void forgetSessions() {
    if (!closed) {
      loops.each(DataLoop::forgetSessions);
    }
  }

  private boolean tickPort() {
    return !closed && port.tick();
  }

  private synchronized void linkChanged(LinkState state) {
    if (!closed) {
      loops.setMtu(state.mtu());
      port.linkChanged(state.up());
    }
  }

  private void wentAway(boolean deleted) {
    if (!closed && deleted) {
      gone.complete(null);
    } else if (!closed) { // if it is, it is us who end it
      gone.completeExceptionally(new IOException("an event loop no longer serves the interface"));
    }
  }

  /** Ends the node: sessions and keys are wiped, the interface disappears. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      boolean answering = loops.answer(PATIENCE_AT_END);
      if (answering) {
        countersAtEnd = counters();
      }
      closed = true;
      timer.close();
      peers.close();
      if (answering) {
        port.close();
        peers.removeAll();
        workers.close();
        loops.close();
      } else {
        LOG.error("interface {} ends without its event loops: one does not answer", name());
        workers.close();
        port.abandon();
        loops.abandon();
      }
      if (identity != null) {
        identity.privateKey().wipe();
        identity = null;
      }
    }
    links.close();
    tun.close();
  }
}
