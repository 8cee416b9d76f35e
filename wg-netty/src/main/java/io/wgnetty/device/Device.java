package io.wgnetty.device;

import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peer.AllowedIps;
import io.wgnetty.peer.DropReason;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.PeerShard;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.tun.LinkListener;
import io.wgnetty.tun.LinkMonitor;
import io.wgnetty.tun.LinkState;
import io.wgnetty.tun.TunDevice;
import io.wgnetty.udp.UdpSettings;
import java.io.IOException;
import java.util.List;
import java.util.Map;
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

  private final TunDevice tun;
  private final DeviceOptions options;
  private final HandshakeWorkers workers;
  private final DataLoops loops;
  private final AllowedIps<Peer> allowedIps = new AllowedIps<>();
  private final PeerDirectory directory = new PeerDirectory();
  private final PeerConfiguration peers;
  private final PeerInspection inspection;
  private final LinkMonitor links;
  private final CompletableFuture<Void> gone = new CompletableFuture<>();

  private @Nullable LocalIdentity identity;
  private @Nullable SocketGroup bound;
  private int listenPort;
  private int fwmark;
  private boolean linkUp;
  private boolean up;

  /**
   * Set while we know the link to be up and older news, that it is down, may still be under way.
   */
  private boolean awaitsNewsOfUp;

  private volatile boolean closed;
  private volatile DeviceCounters countersAtEnd = DeviceCounters.NOTHING;

  private Device(DeviceOptions options) throws IOException {
    this.options = options;
    this.tun = options.tun();
    BootClock clock = new BootClock();
    this.workers =
        new HandshakeWorkers(
            tun.name(),
            options.handshakeWorkers(),
            options.x25519(),
            options.aead(),
            clock,
            this::deliver);
    this.loops = DataLoops.open(options, directory, allowedIps, clock, workers);
    this.peers = new PeerConfiguration(loops, directory, allowedIps, clock, options.labels());
    this.inspection = new PeerInspection(loops, directory, allowedIps, clock, options.labels());
    loops.setMtu(tun.mtu());
    loops.start();
    loops.first().tun().closeFuture().addListener(future -> wentAway());
    this.links = LinkMonitor.open(tun, new LinkFollower());
  }

  /**
   * Runs a WireGuard node on an interface.
   *
   * @throws IOException if the link's state can not be followed
   */
  public static Device open(DeviceOptions options) throws IOException {
    LOG.info(
        "interface {}: event loops {}, cipher {}, key agreement {}",
        options.tun().name(),
        options.loops(),
        options.aead().name(),
        options.x25519().name());
    return new Device(options);
  }

  /** The interface's name. */
  public String name() {
    return tun.name();
  }

  /** Completed when the interface was deleted from outside. */
  public CompletionStage<Void> gone() {
    return gone;
  }

  /** How many packets and messages were dropped so far, for each reason. */
  public Map<DropReason, Long> drops() {
    return counters().sum().drops();
  }

  @Override
  public DeviceCounters counters() {
    if (closed) {
      return countersAtEnd;
    }
    try {
      return new DeviceCounters(
          loops.counters(),
          workers.queued(),
          HandshakeWorkers.QUEUE_CAPACITY,
          inspection.population());
    } catch (RejectedExecutionException e) {
      return countersAtEnd; // it was closed meanwhile
    }
  }

  /** Packets that one loop has handed to another so far. */
  public HandedOver handedOver() {
    return loops.handedOver();
  }

  private void deliver(PeerShard owner, Runnable completion) {
    loops.of(owner).eventLoop().execute(completion);
  }

  @Override
  public String cipher() {
    return options.aead().name();
  }

  @Override
  public synchronized DeviceSettings settings() {
    SocketGroup port = bound;
    return new DeviceSettings(
        identity == null ? null : identity.privateKey(),
        port == null ? listenPort : port.port(),
        fwmark);
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
    if (old != null) {
      old.privateKey().wipe();
    }
  }

  @Override
  public synchronized void setListenPort(int port) throws IOException {
    SocketGroup old = bound;
    if (old == null) {
      listenPort = port;
      if (linkUp) {
        goUp(); // the port that was asked for before was taken
      }
      return;
    }
    if (port != 0 && port == old.port()) {
      listenPort = port;
      return;
    }
    SocketGroup fresh = SocketGroup.bind(loops.all(), port, udpSettings());
    listenPort = port;
    bound = fresh;
    loops.each(loop -> loop.exchange(fresh.of(loop.shard())));
    old.close();
    LOG.info("interface {}: UDP port {}", tun.name(), fresh.port());
  }

  @Override
  public synchronized void setFwmark(int mark) throws IOException {
    if (bound != null) {
      bound.setMark(mark);
    }
    fwmark = mark;
    loops.each(loop -> loop.shard().dropLocalAddresses()); // routes may be others now
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
  public List<PeerTraffic> traffic() {
    return inspection.traffic();
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
    if (closed || up) {
      return;
    }
    loops.setMtu(tun.mtu());
    goUp();
    awaitsNewsOfUp = !linkUp;
    linkUp = true;
  }

  private synchronized void linkChanged(LinkState state) {
    if (closed) {
      return;
    }
    loops.setMtu(state.mtu());
    if (awaitsNewsOfUp && !state.up()) {
      return; // from before bringUp
    }
    awaitsNewsOfUp = false;
    linkUp = state.up();
    if (state.up() && !up) {
      tryToGoUp();
    } else if (!state.up() && up) {
      goDown();
    }
  }

  private void wentAway() {
    // Not if it is us who end it.
    if (!closed) {
      gone.complete(null);
    }
  }

  private void goUp() throws IOException {
    SocketGroup port = SocketGroup.bind(loops.all(), listenPort, udpSettings());
    bound = port;
    up = true;
    loops.each(loop -> loop.up(port.of(loop.shard())));
    LOG.info("interface {} is up, UDP port {}", tun.name(), port.port());
  }

  private UdpSettings udpSettings() {
    return options.udp().withFwmark(fwmark);
  }

  private void tryToGoUp() {
    try {
      goUp();
    } catch (IOException e) {
      // The next change of the link or of the port tries again.
      LOG.error("interface {} can not receive: {}", tun.name(), e.getMessage());
    }
  }

  private void goDown() {
    up = false;
    SocketGroup port = bound;
    bound = null;
    loops.each(DataLoop::down);
    if (port != null) {
      // The port that was chosen at random stays ours, as with the kernel.
      listenPort = port.port();
      port.close();
    }
    LOG.info("interface {} is down", tun.name());
  }

  /** Ends the node: sessions and keys are wiped, the interface disappears. */
  @Override
  public void close() {
    synchronized (this) {
      if (closed) {
        return;
      }
      countersAtEnd = counters();
      closed = true;
      if (up) {
        goDown();
      }
      peers.removeAll();
      workers.close();
      loops.close();
      if (identity != null) {
        identity.privateKey().wipe();
        identity = null;
      }
    }
    links.close();
    tun.close();
  }

  /** Follows the link: runs on the monitor's thread. */
  private final class LinkFollower implements LinkListener {
    @Override
    public void onLink(LinkState state) {
      linkChanged(state);
    }

    @Override
    public void onGone() {
      wentAway();
    }
  }
}
