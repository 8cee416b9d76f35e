package io.wgnetty.peers;

import io.wgnetty.node.RunningDirectory;
import io.wgnetty.peers.call.CallDesk;
import io.wgnetty.peers.cluster.ClusterAtWork;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceListener;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.setup.ClusterStatus;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.DirectoryStatus;
import io.wgnetty.setup.PeersBeside;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source and the interface that follows it. The source has a thread; what it tells is taken in on
 * another one, the keeper's, which also looks at the clock and hears of the file and of callers.
 */
final class DirectoryAtWork implements RunningDirectory, SourceListener {
  private static final Logger LOG = LoggerFactory.getLogger(DirectoryAtWork.class);

  private static final long LOOK_MS = 1000;
  private static final long CLOSING_MS = 2000;
  private static final String NO_ANSWER_YET = "no answer yet";

  /** Since when the source is away, and why. */
  private record Absence(long since, String why) {}

  /** A step on the keeper's thread. */
  @FunctionalInterface
  interface Step {
    void take() throws InterruptedException;
  }

  private final String given;
  private final PeersBeside peers;
  private final PeerSource source;
  private final PeerKeeper keeper;
  private final @Nullable OnCall onCall;
  private final @Nullable ClusterAtWork cluster;
  private final ScheduledExecutorService thread;
  private final Thread follower;
  private final CountDownLatch first = new CountDownLatch(1);
  private volatile @Nullable Absence absence;
  private boolean listing;

  private DirectoryAtWork(
      PeersBeside peers,
      PeerSource source,
      DirectoryOptions options,
      @Nullable ClusterAtWork cluster) {
    this.cluster = cluster;
    this.given = String.valueOf(options.source());
    this.peers = peers;
    this.source = source;
    String name = peers.interfaceName();
    this.thread =
        Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("peers-" + name).factory());
    this.keeper = new PeerKeeper(peers, source, () -> System.currentTimeMillis() / 1000);
    this.onCall = options.onCall() ? new OnCall(peers, source, keeper, this, options) : null;
    this.follower =
        Thread.ofPlatform().daemon().name("peers-source-" + name).unstarted(this::follow);
  }

  /** Begins at once. */
  static DirectoryAtWork start(
      PeersBeside peers,
      PeerSource source,
      DirectoryOptions options,
      @Nullable ClusterAtWork cluster) {
    var work = new DirectoryAtWork(peers, source, options, cluster);
    peers.onFileChange(work::fileChanged);
    var unusedTask =
        work.thread.scheduleWithFixedDelay(
            () -> work.guarded(work::look), LOOK_MS, LOOK_MS, TimeUnit.MILLISECONDS);
    if (cluster == null) {
      work.listenToCallers(true);
    }
    work.follower.start();
    return work;
  }

  private void fileChanged() {
    execute(keeper::fileChanged);
    if (cluster != null) {
      cluster.fileChanged();
    }
  }

  private void listenToCallers(boolean callsFormer) {
    if (onCall != null) {
      onCall.listen(callsFormer);
    }
  }

  private void follow() {
    try {
      if (cluster != null) {
        cluster.awaitFirst(); // no peer is answered before it is known when it called elsewhere
        listenToCallers(false); // who was alive here may have moved to another node by now
      }
      source.follow(this);
    } catch (InterruptedException e) {
      LOG.debug("the source is no longer followed");
    } catch (RuntimeException e) {
      LOG.error("interface {}: the source of peers is lost", peers.interfaceName(), e);
      away(String.valueOf(e));
    }
  }

  /** Does it soon, on the keeper's thread. */
  void execute(Step step) {
    try {
      thread.execute(() -> guarded(step));
    } catch (RejectedExecutionException e) {
      LOG.debug("the directory is closed");
    }
  }

  /** What fails once must not end it. */
  private void guarded(Step step) {
    try {
      step.take();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (RuntimeException e) {
      LOG.error("interface {}: peers of the directory", peers.interfaceName(), e);
    }
  }

  /** Does it on the keeper's thread, and waits. */
  private void await(Step step) throws InterruptedException {
    try {
      var unusedNothing =
          thread
              .submit(
                  () -> {
                    guarded(step);
                    return null;
                  })
              .get();
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    } catch (RejectedExecutionException e) {
      throw new InterruptedException("closed");
    }
  }

  private void look() throws InterruptedException {
    if (onCall != null) {
      onCall.look();
    }
    if (!listing) {
      keeper.settle();
    }
  }

  @Override
  public void beginListing() throws InterruptedException {
    if (onCall != null) {
      onCall.beginListing();
      first.countDown(); // whoever calls can be looked up
      return;
    }
    await(
        () -> {
          listing = true;
          keeper.beginListing();
        });
  }

  @Override
  public void records(List<StoredRecord> some) throws InterruptedException {
    if (onCall != null) {
      onCall.index(some);
    }
    await(
        () -> {
          keeper.enter(onCall == null ? some : onCall.wanted(some));
          if (!listing) {
            keeper.settle();
          }
        });
  }

  @Override
  public void listed() throws InterruptedException {
    await(
        () -> {
          if (onCall != null) {
            onCall.endListing();
            keeper.settle();
          } else if (listing) {
            listing = false;
            keeper.endListing();
            keeper.settle();
            LOG.info(
                "interface {}: {} {} of {}",
                peers.interfaceName(),
                keeper.present().installed(),
                keeper.present().installed() == 1 ? "peer" : "peers",
                given);
          }
        });
    first.countDown();
  }

  @Override
  public void away(String why) {
    Absence before = absence;
    if (before == null || (before.why().equals(NO_ANSWER_YET) && !why.equals(NO_ANSWER_YET))) {
      absence = new Absence(System.currentTimeMillis() / 1000, why);
      LOG.warn(
          "interface {}: {} is away, its peers stay as they are: {}",
          peers.interfaceName(),
          given,
          why);
    }
    first.countDown();
  }

  @Override
  public void reached() {
    if (absence != null) {
      absence = null;
      LOG.info("interface {}: {} is back", peers.interfaceName(), given);
    }
  }

  @Override
  public void awaitFirst(Duration patience) throws InterruptedException {
    if (!first.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
      away(NO_ANSWER_YET);
    }
  }

  @Override
  public @Nullable ClusterStatus cluster() {
    return cluster == null ? null : cluster.status();
  }

  @Override
  public List<ClusterStatus.Place> places() {
    return cluster == null ? List.of() : cluster.places();
  }

  @Override
  public DirectoryStatus status() {
    Absence now = absence;
    PeerKeeper.Standing standing = keeper.present();
    Map<String, Long> lookups = new TreeMap<>();
    for (CallDesk.Outcome outcome : CallDesk.Outcome.values()) {
      lookups.put(outcome.word(), onCall == null ? 0 : onCall.desk().outcomes(outcome));
    }
    return new DirectoryStatus(
        given,
        onCall != null,
        now == null ? 0 : now.since(),
        now == null ? null : now.why(),
        standing.lastChange(),
        standing.installed(),
        onCall == null ? 0 : onCall.wakeable(),
        standing.disabled(),
        standing.expired(),
        standing.refused(),
        lookups,
        onCall == null ? 0 : onCall.desk().waiting());
  }

  @Override
  public void close() {
    peers.onFileChange(() -> {});
    if (cluster != null) {
      cluster.close();
    }
    if (onCall != null) {
      onCall.close();
    }
    source.close();
    follower.interrupt();
    thread.shutdown();
    boolean interrupted = false;
    try {
      if (!thread.awaitTermination(CLOSING_MS, TimeUnit.MILLISECONDS)) {
        LOG.debug("the directory is still at work");
      }
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (thread.isTerminated()) {
      keeper.wipe();
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
