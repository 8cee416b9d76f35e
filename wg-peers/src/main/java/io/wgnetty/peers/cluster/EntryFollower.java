package io.wgnetty.peers.cluster;

import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.SourceListener;
import io.wgnetty.peers.source.StoredRecord;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows what stands below a prefix, on a thread of its own; what it hears is done on another. */
final class EntryFollower implements SourceListener {
  private static final Logger LOG = LoggerFactory.getLogger(EntryFollower.class);

  /** Who takes what is heard. */
  interface Taker {
    void beginListing();

    /** {@code null} if it is gone. */
    void entry(String name, byte @Nullable [] text);

    void endListing();
  }

  private final PeerSource source;
  private final Taker taker;
  private final StepRunner runner;
  private final CountDownLatch first = new CountDownLatch(1);
  private final Thread thread;

  EntryFollower(String name, PeerSource source, Taker taker, StepRunner runner) {
    this.source = source;
    this.taker = taker;
    this.runner = runner;
    this.thread = Thread.ofPlatform().daemon().name(name).unstarted(this::follow);
  }

  void start() {
    thread.start();
  }

  private void follow() {
    try {
      source.follow(this);
    } catch (InterruptedException e) {
      LOG.debug("{} ends", thread.getName());
    } catch (RuntimeException e) {
      LOG.error("{} is lost", thread.getName(), e);
    }
  }

  /** Waits for the first listing. */
  void awaitFirst() throws InterruptedException {
    first.await();
  }

  @Override
  public void beginListing() throws InterruptedException {
    runner.await(taker::beginListing);
  }

  @Override
  public void records(List<StoredRecord> some) throws InterruptedException {
    runner.await(() -> some.forEach(stored -> taker.entry(stored.name(), stored.text())));
  }

  @Override
  public void listed() throws InterruptedException {
    runner.await(taker::endListing);
    first.countDown();
  }

  @Override
  public void away(String why) {
    LOG.debug("{}: {}", thread.getName(), why); // whoever follows the records says so
  }

  @Override
  public void reached() {
    LOG.trace("{} is reached", thread.getName());
  }

  void close() {
    source.close();
    thread.interrupt();
  }
}
