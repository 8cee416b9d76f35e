package io.wgnetty.observe;

import io.wgnetty.device.Device;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.device.PeerTraffic;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryStatus;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * From where a process is watched: its interfaces' metrics, and whether it lives and is ready, by
 * HTTP.
 *
 * <p>Everything is loaded when one is opened and not before. Scrapes have a thread of their own,
 * one at a time: it asks the event loops, and waits for them.
 */
public final class Observatory implements AutoCloseable {
  /** More series than this would cost the monitoring more than they tell. */
  public static final int MAX_PEERS = 1000;

  /** A loop that does not answer in this time is stuck; the longest of its tasks take a tenth. */
  private static final long HEALTH_TIMEOUT_MS = 3000;

  private static final long CLOSE_TIMEOUT_MS = 2000;
  private static final Logger LOG = LoggerFactory.getLogger(Observatory.class);

  private final ExecutorService scraper =
      new ThreadPoolExecutor(
          1,
          1,
          0,
          TimeUnit.SECONDS,
          new ArrayBlockingQueue<>(2 * MetricsServer.MAX_CONNECTIONS),
          Thread.ofPlatform().daemon().name("metrics-scrape").factory());
  private final NodeMeters meters;
  private final PeersPage peersPage;
  private final MetricsServer server;
  private final long healthTimeoutMs;
  private volatile boolean ready;

  private Observatory(InetSocketAddress address, OptionalInt peers, long healthTimeoutMs)
      throws IOException {
    this.healthTimeoutMs = healthTimeoutMs;
    this.meters = new NodeMeters(peers, () -> ready);
    this.peersPage = new PeersPage(peers.isPresent());
    try {
      this.server =
          MetricsServer.open(
              address,
              Map.of(
                  "/metrics", () -> later(meters::scrape),
                  "/metrics/peers", () -> later(peersPage::answer),
                  "/healthz", this::health,
                  "/readyz", () -> CompletableFuture.completedStage(readiness())));
    } catch (IOException e) {
      scraper.shutdownNow();
      meters.close();
      throw e;
    }
  }

  /**
   * Listens when it returns; shows no interface yet and is not ready.
   *
   * @param address where, by {@link MetricsAddress}
   * @param peers how many peers of each interface have series of their own, if any are wanted; up
   *     to {@link #MAX_PEERS}
   * @throws IOException if the address can not be listened on; the message says which and why
   */
  public static Observatory open(InetSocketAddress address, OptionalInt peers) throws IOException {
    return open(address, peers, HEALTH_TIMEOUT_MS);
  }

  static Observatory open(InetSocketAddress address, OptionalInt peers, long healthTimeoutMs)
      throws IOException {
    if (peers.orElse(0) < 0 || peers.orElse(0) > MAX_PEERS) {
      throw new IllegalArgumentException("peers with metrics of their own: 0 to " + MAX_PEERS);
    }
    var observatory = new Observatory(address, peers, healthTimeoutMs);
    InetSocketAddress bound = observatory.address();
    LOG.info("metrics on {}, port {}", bound.getAddress().getHostAddress(), bound.getPort());
    if (bound.getAddress().isAnyLocalAddress()) {
      LOG.warn(
          "metrics on {} are open to everybody who reaches this host, peers in the tunnel too:"
              + " give --metrics one address, or close port {} by a rule",
          address.getAddress().getHostAddress(),
          bound.getPort());
    }
    return observatory;
  }

  /** Where it listens, with the port that was chosen if any was asked for. */
  public InetSocketAddress address() {
    return server.address();
  }

  /** Shows an interface from now on. */
  public void add(Device device) {
    add(device.name(), device);
  }

  /** The same, of whatever can be asked. */
  public void add(String name, DeviceControl device) {
    meters.add(name, device);
    peersPage.add(name, device);
  }

  /** Shows an interface no longer; call it before the interface is closed. */
  public void remove(Device device) {
    remove(device.name());
  }

  /** The same by name; harmless when repeated. */
  public void remove(String name) {
    meters.remove(name);
    peersPage.remove(name);
  }

  /** An interface's file was read, and applied as a whole or not. */
  public void reloaded(String name, boolean applied) {
    meters.reloaded(name, applied);
  }

  /** An interface has a file, whose peers may have an end; {@code expired} had it so far. */
  public void expires(String name, LongSupplier expired) {
    meters.expires(name, expired);
  }

  /** An interface has a directory of peers. */
  public void directory(String name, Supplier<DirectoryStatus> status) {
    meters.directory(name, status);
  }

  /** An interface is a node of a cluster. */
  public void cluster(String name, Supplier<ClusterStatus> status) {
    meters.cluster(name, status);
  }

  /** A command is run for an interface's events. */
  public void hook(String name, Supplier<HookCounts> counts) {
    meters.hook(name, counts);
  }

  /** A RADIUS server is told of an interface's peers. */
  public void radius(String name, Supplier<RadiusCounts> counts) {
    meters.radius(name, counts);
  }

  /** The totals of an interface's peers outlive its runs. */
  public void totals(String name, Supplier<List<PeerTraffic>> traffic, LongSupplier generation) {
    peersPage.totals(name, traffic, generation);
  }

  /** Sets what {@code /readyz} says: true when every interface is up and configured. */
  public void setReady(boolean ready) {
    this.ready = ready;
    if (ready) {
      // The first scrape loads a hundred classes: not while somebody waits for it.
      var unusedScrape = later(meters::scrape);
    }
  }

  private Answer readiness() {
    return ready ? Answer.ok("ready") : Answer.notAvailable("not ready");
  }

  /** Whether every event loop answers within a time in which the slowest of their tasks ends. */
  private CompletionStage<Answer> health() {
    Answer late =
        Answer.notAvailable("an event loop has not answered for " + healthTimeoutMs + " ms");
    return later(
            () -> {
              meters.askEverybody();
              return Answer.ok("ok");
            })
        .completeOnTimeout(late, healthTimeoutMs, TimeUnit.MILLISECONDS);
  }

  private CompletableFuture<Answer> later(Supplier<Answer> task) {
    try {
      return CompletableFuture.supplyAsync(task, scraper);
    } catch (RejectedExecutionException e) {
      return CompletableFuture.completedFuture(Answer.notAvailable("too many wait for an answer"));
    }
  }

  @Override
  public void close() {
    server.close();
    scraper.shutdownNow();
    try {
      if (!scraper.awaitTermination(CLOSE_TIMEOUT_MS, TimeUnit.MILLISECONDS)) {
        LOG.warn("metrics: the last scrape does not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    meters.close();
  }
}
