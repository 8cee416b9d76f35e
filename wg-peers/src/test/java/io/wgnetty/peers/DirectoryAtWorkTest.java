package io.wgnetty.peers;

import static io.wgnetty.peers.FakeSource.key;
import static io.wgnetty.peers.FakeSource.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.allowedips.IpPrefix;
import io.wgnetty.setup.DirectoryOptions;
import io.wgnetty.setup.FileClaims;
import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A directory with its threads, all of whose peers are installed. */
class DirectoryAtWorkTest {
  private static final Duration LIMIT = Duration.ofSeconds(60);

  private final FakeBeside peers = new FakeBeside();
  private final FakeSource source = new FakeSource();
  private final DirectoryAtWork work =
      DirectoryAtWork.start(peers, source, DirectoryOptions.of("dir:/test"), null);

  @AfterEach
  void close() {
    work.close();
  }

  @Test
  void shouldInstallAListingAsOneAndThenEachChange() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.records.put(key(2).toBase64(), record(2, ""));
    source.listAll();
    work.awaitFirst(LIMIT);
    assertThat(peers.peers).containsOnlyKeys(key(1), key(2));
    assertThat(work.status().installed()).isEqualTo(2);
    assertThat(work.status().onCall()).isFalse();
    source.change(3, record(3, ""));
    assertThat(peers.peers).containsKey(key(3));
    source.change(1, null);
    assertThat(peers.peers).containsOnlyKeys(key(2), key(3));
  }

  @Test
  void shouldPutNothingIntoForceInTheMiddleOfAListing() throws InterruptedException {
    source.listAll();
    source.listener().beginListing();
    source.change(1, record(1, ""));
    assertThat(peers.peers).isEmpty();
    source.listener().listed();
    assertThat(peers.peers).containsOnlyKeys(key(1));
  }

  @Test
  void shouldStayAsItWasWhileTheSourceIsAway() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.listAll();
    source.listener().away("no route");
    source.listener().away("something else");
    assertThat(work.status().awaySince()).isPositive();
    assertThat(work.status().problem()).as("what it was first").isEqualTo("no route");
    assertThat(peers.peers).containsOnlyKeys(key(1));
    source.listener().reached();
    assertThat(work.status().awaySince()).isZero();
    assertThat(work.status().problem()).isNull();
  }

  @Test
  void shouldNotWaitForeverForASourceThatSaysNothing() throws InterruptedException {
    work.awaitFirst(Duration.ofMillis(10));
    assertThat(work.status().problem()).isEqualTo("no answer yet");
    source.listener().away("no route");
    assertThat(work.status().problem()).as("better than that").isEqualTo("no route");
  }

  @Test
  void shouldHearOfTheFile() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.listAll();
    peers.file = new FileClaims(null, Set.of(), Set.of(IpPrefix.parse("10.0.0.1/32")));
    peers.fileListener.run();
    await().atMost(LIMIT).until(peers.peers::isEmpty);
    assertThat(work.status().refused()).containsEntry("in_file", 1L);
  }

  @Test
  void shouldGoOnAfterAFailure() throws InterruptedException {
    source.listAll();
    work.execute(
        () -> {
          throw new IllegalStateException("a defect");
        });
    source.change(1, record(1, ""));
    assertThat(peers.peers).containsOnlyKeys(key(1));
  }

  @Test
  void shouldLeaveThePeersWhenItEnds() throws InterruptedException {
    source.records.put(key(1).toBase64(), record(1, ""));
    source.listAll();
    work.close();
    peers.fileListener.run();
    work.execute(() -> peers.peers.clear());
    assertThat(peers.peers).containsOnlyKeys(key(1));
  }
}
