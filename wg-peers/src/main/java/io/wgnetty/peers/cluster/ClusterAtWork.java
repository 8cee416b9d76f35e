package io.wgnetty.peers.cluster;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerSessions;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.peers.etcd.EtcdLeases;
import io.wgnetty.peers.etcd.EtcdLeases.Change;
import io.wgnetty.peers.etcd.EtcdSources;
import io.wgnetty.peers.sessions.SessionBook;
import io.wgnetty.peers.sessions.SessionDuties;
import io.wgnetty.peers.sessions.SessionEntry;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.relay.NodeRelay;
import io.wgnetty.relay.RelayCounts;
import io.wgnetty.setup.AnnouncedRoutes;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.PeersBeside;
import java.io.IOException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * An interface as a node of a cluster. Sessions are heard of from its loops, what other nodes say
 * from the directory; all is decided on one thread, by a {@link SessionBook}.
 */
public final class ClusterAtWork implements PeerSessions.Listener, SessionDuties {
  /** Nobody who waits for his session to end waits longer. */
  private static final long LOOK_MS = 5000;

  /** How soon routes that somebody has taken away come again. */
  private static final long RESTORE_MS = 30_000;

  /** A session is used for no longer (protocol 1.3). */
  private static final long SESSION_MS = TimeUnit.SECONDS.toMillis(180);

  /** Where a cluster keeps what it knows. */
  public record Place(EtcdLeases leases, PeerSource sessions, PeerSource nodes) {}

  private final String node;
  private final PeersBeside peers;
  private final NodeEntry self;
  private final StepRunner runner;
  private final LeaseKeeper keeper;
  private final EntryFollower sessions;
  private final EntryFollower nodes;
  private final SessionBook book;
  private final @Nullable PeerRoutes routes;
  private final NodeTaker others;
  private final @Nullable NodeRelay relay;
  private final HeardStamps stamps = new HeardStamps();
  private final List<PublicKey> leaving = new ArrayList<>();
  private final AtomicLong left = new AtomicLong();
  private final AtomicLong came = new AtomicLong();
  private final AtomicLong unreadable = new AtomicLong();
  private volatile int hereCount;
  private volatile int elsewhereCount;

  private ClusterAtWork(
      String node,
      PeersBeside peers,
      Place place,
      @Nullable AnnouncedRoutes announced,
      @Nullable RelaySetup setup)
      throws IOException {
    this.node = node;
    this.peers = peers;
    this.routes = announced == null ? null : new PeerRoutes(peers, announced);
    byte[] run = new byte[8];
    new SecureRandom().nextBytes(run);
    this.self =
        new NodeEntry(
            node, now(), HexFormat.of().formatHex(run), setup == null ? null : setup.entry(node));
    String name = peers.interfaceName();
    this.book = new SessionBook(node, this);
    this.runner = new StepRunner("cluster-" + name, this::afterStep);
    this.keeper =
        new LeaseKeeper(
            name,
            place.leases(),
            () -> new Change(EtcdSources.NODES + "/" + node, EntryTexts.of(self), false),
            () -> runner.execute(book::writeAllAgain));
    this.sessions =
        new EntryFollower("cluster-sessions-" + name, place.sessions(), new Sessions(), runner);
    this.relay =
        setup == null ? null : peers.device().sessions().relay(setup.address(), setup.keys());
    this.others =
        new NodeTaker(name, self, new NodeList(node, setup == null ? null : setup.keys()), relay);
    this.nodes = new EntryFollower("cluster-nodes-" + name, place.nodes(), others, runner);
  }

  /**
   * Begins at once.
   *
   * @param announced routes to peers that are here, if there are to be any
   * @param setup how it takes part in handing datagrams on, if it does
   * @throws IOException if it cannot listen for other nodes
   */
  public static ClusterAtWork start(
      String node,
      PeersBeside peers,
      Place place,
      @Nullable AnnouncedRoutes announced,
      @Nullable RelaySetup setup)
      throws IOException {
    var work = new ClusterAtWork(node, peers, place, announced, setup);
    PeerRoutes routes = work.routes;
    if (routes != null) {
      work.runner.execute(routes::restore); // what a killed run has left
      work.runner.every(RESTORE_MS, routes::restore);
    }
    work.device().sessions().listen(work);
    peers.onChange(work::changed);
    work.runner.every(LOOK_MS, work::look);
    work.sessions.start();
    work.nodes.start();
    work.keeper.start();
    return work;
  }

  private DeviceControl device() {
    return peers.device();
  }

  /** Waits until it is known which peers are elsewhere, and when they called there. */
  public void awaitFirst() throws InterruptedException {
    sessions.awaitFirst();
  }

  // ---- what the loops tell and ask

  @Override
  public void established(PublicKey key, byte @Nullable [] timestamp) {
    runner.execute(() -> book.established(key, timestamp, now()));
  }

  @Override
  public boolean isNews(PublicKey key, byte[] timestamp) {
    return stamps.isNews(key, timestamp);
  }

  private void changed(List<PublicKey> keys) {
    runner.execute(
        () -> {
          for (PublicKey key : keys) {
            if (!device().hasPeer(key)) {
              book.ended(key);
            } else if (routes != null && book.isHere(key)) {
              routes.refresh(key);
            }
          }
        });
  }

  /** The file was read again, and some of its peers may be others. */
  public void fileChanged() {
    runner.execute(() -> changed(book.present()));
  }

  // ---- what the directory tells

  private final class Sessions implements EntryFollower.Taker {
    @Override
    public void beginListing() {
      book.beginListing();
    }

    @Override
    public void entry(String name, byte @Nullable [] text) {
      PublicKey key = key(name);
      SessionEntry entry = text == null ? null : EntryTexts.session(text);
      if (key == null || (text != null && entry == null)) {
        unreadable.incrementAndGet();
      } else if (entry == null) {
        book.gone(key);
      } else {
        stamps.heard(key, entry.timestamp());
        book.told(key, entry);
      }
    }

    private @Nullable PublicKey key(String name) {
      try {
        return PublicKey.fromBase64(name);
      } catch (IllegalArgumentException e) {
        return null;
      }
    }

    @Override
    public void endListing() {
      book.endListing();
    }
  }

  // ---- what follows

  @Override
  public void write(PublicKey key, SessionEntry entry) {
    keeper.add(new Change(name(key), EntryTexts.of(entry), false));
  }

  @Override
  public void erase(PublicKey key, SessionEntry entry) {
    keeper.add(new Change(name(key), EntryTexts.of(entry), true));
  }

  private static String name(PublicKey key) {
    return EtcdSources.SESSIONS + "/" + key.toBase64();
  }

  @Override
  public void arrived(PublicKey key) {
    came.incrementAndGet();
    if (routes != null) {
      routes.refresh(key);
    }
  }

  @Override
  public void departed(PublicKey key) {
    left.incrementAndGet();
    if (routes != null) {
      routes.remove(key);
    }
  }

  @Override
  public void leave(PublicKey key) {
    leaving.add(key);
  }

  private void afterStep() {
    if (routes != null) {
      routes.settle();
    }
    if (!leaving.isEmpty()) {
      List<PublicKey> keys = List.copyOf(leaving);
      leaving.clear();
      device().sessions().leave(keys);
    }
    hereCount = book.hereCount();
    elsewhereCount = book.elsewhereCount();
  }

  /** Which sessions are over by now, and which peers are there no more. */
  private void look() {
    long nowMs = System.currentTimeMillis();
    Set<PublicKey> over = new HashSet<>(book.present());
    for (PeerTraffic traffic : device().traffic()) {
      long handshakeMs = TimeUnit.NANOSECONDS.toMillis(traffic.lastHandshakeEpochNs());
      if (nowMs - handshakeMs < SESSION_MS) {
        over.remove(traffic.publicKey());
      }
    }
    over.forEach(book::ended);
  }

  private static long now() {
    return System.currentTimeMillis() / 1000;
  }

  /** How it stands. Any thread. */
  public ClusterStatus status() {
    return new ClusterStatus(
        node,
        others.shown(),
        hereCount,
        elsewhereCount,
        routes == null ? 0 : routes.size(),
        keeper.waiting(),
        counts());
  }

  private Map<String, Long> counts() {
    Map<String, Long> counts = new TreeMap<>();
    counts.put("arrived", came.get());
    counts.put("departed", left.get());
    counts.put("unreadable", unreadable.get());
    counts.put("written", keeper.written());
    counts.put("transactions", keeper.transactions());
    counts.put("failed", keeper.failures());
    RelayCounts relayed = relay == null ? new RelayCounts(0, 0, 0, 0, 0) : relay.counts();
    counts.put("relay_sent", relayed.sent());
    counts.put("relay_received", relayed.received());
    counts.put("relay_refused", relayed.refused());
    counts.put("relay_misdirected", relayed.misdirected());
    counts.put("relay_overload", relayed.overload());
    return counts;
  }

  /** Where all peers are. Any thread. */
  public List<ClusterStatus.Place> places() {
    List<ClusterStatus.Place> places = new ArrayList<>();
    try {
      runner.await(
          () ->
              book.toldOf()
                  .forEach(
                      (key, entry) ->
                          places.add(
                              new ClusterStatus.Place(
                                  key, device().label(key), entry.node(), entry.since()))));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return List.copyOf(places);
  }

  /** Ends it: the directory says of no peer any more that it is here. */
  public void close() {
    device().sessions().listen(PeerSessions.Listener.NONE);
    peers.onChange(keys -> {});
    try {
      if (routes != null) {
        runner.await(routes::close);
      }
      keeper.close();
      sessions.close();
      nodes.close();
      runner.close();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (relay != null) {
      relay.close();
    }
  }
}
