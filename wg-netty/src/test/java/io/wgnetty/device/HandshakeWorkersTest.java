package io.wgnetty.device;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.wgnetty.cipher.AeadProviders;
import io.wgnetty.cipher.X25519Providers;
import io.wgnetty.counters.DropReason;
import io.wgnetty.crypto.PrivateKey;
import io.wgnetty.crypto.X25519;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.peer.Peer;
import io.wgnetty.peer.PeerDirectory;
import io.wgnetty.peer.ShardPlace;
import io.wgnetty.peer.Timings;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.LocalIdentity;
import io.wgnetty.shard.PeerShard;
import io.wgnetty.shard.ShardOutput;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class HandshakeWorkersTest {
  private static final X25519 DH = X25519Providers.fastest();

  private record Delivered(HandshakeJob job, String thread) {}

  private final BlockingQueue<Delivered> delivered = new LinkedBlockingQueue<>();
  private final List<HandshakeWorkers> started = new ArrayList<>();
  private final Shard shard = new Shard();

  /** A shard with peers that are nowhere in particular; its work goes to the workers. */
  private static final class Shard implements ShardOutput {
    private final SplittableRandom random = new SplittableRandom(1);
    private final List<byte[]> sent = new ArrayList<>();
    private final PeerShard shard;
    private final BlockingQueue<HandshakeJob> jobs = new LinkedBlockingQueue<>();

    Shard() {
      shard =
          new PeerShard(
              ShardPlace.ONLY,
              Timings.STANDARD,
              new PeerDirectory(),
              random,
              () -> 1,
              AeadProviders.named("jdk").create(),
              this);
      shard.setIdentity(new LocalIdentity(PrivateKey.generate(random), DH));
      shard.up(0);
    }

    void complete(Delivered delivered) {
      shard.handshakes().complete(delivered.job(), 1);
    }

    /** The work of an initiation to somebody new. */
    HandshakeJob initiation() {
      Peer peer = shard.create(PrivateKey.generate(random).publicKey(DH));
      shard.adopt(peer);
      peer.setEndpoint(Endpoint.of(new byte[] {(byte) 192, 0, 2, 1}, 51820, 0));
      shard.transport().stage(peer, new byte[1], 0);
      return requireNonNull(jobs.poll());
    }

    @Override
    public boolean sendHandshake(byte[] message, Endpoint destination) {
      return sent.add(message);
    }

    @Override
    public void sendStaged(Peer peer) {
      throw new AssertionError("nobody answers");
    }

    @Override
    public boolean submit(HandshakeJob job) {
      return jobs.add(job);
    }

    @Override
    public void wakeAt(long deadlineNs) {
      // no time passes
    }
  }

  private HandshakeWorkers workers(String name, int count, X25519 x25519) {
    return workers(name, count, x25519, new CopyOnWriteArrayList<>());
  }

  private HandshakeWorkers workers(
      String name, int count, X25519 x25519, List<Integer> sizesOfDeliveries) {
    HandshakeWorkers workers =
        new HandshakeWorkers(
            name,
            count,
            1,
            x25519,
            AeadProviders.fastest(),
            new BootClock(),
            jobs -> {
              sizesOfDeliveries.add(jobs.size());
              String thread = Thread.currentThread().getName();
              jobs.forEach(job -> delivered.add(new Delivered(job, thread)));
            });
    started.add(workers);
    return workers;
  }

  private Delivered awaitDelivery() throws InterruptedException {
    return requireNonNull(delivered.poll(30, TimeUnit.SECONDS), "nothing was delivered");
  }

  @AfterEach
  void close() {
    started.forEach(HandshakeWorkers::close);
  }

  @Test
  void shouldRefuseWhatFindsNoPlace() {
    HandshakeWorkers idle = workers("full", 0, DH);
    int taken = 0;
    while (idle.submit(shard.initiation())) {
      taken++;
    }
    assertThat(taken).as("attempts of our own that wait at once").isEqualTo(64);
    assertThat(idle.queued()).as("they are no load").isZero();
    assertThat(idle.unproven()).isZero();
    idle.close();
    assertThat(idle.submit(shard.initiation())).isTrue();
  }

  @Test
  void shouldComputeOnItsThreadsAndCompleteOnTheOwners() throws InterruptedException {
    HandshakeWorkers workers = workers("compute", 2, DH);
    assertThat(workers.submit(shard.initiation())).isTrue();
    Delivered result = awaitDelivery();
    assertThat(result.job().owner()).isEqualTo(shard.shard.number());
    assertThat(result.thread()).startsWith("compute-handshake-");
    assertThat(shard.sent).as("nothing happens before the owner lets it").isEmpty();
    shard.complete(result);
    assertThat(shard.sent).hasSize(1);
    assertThat(shard.sent.getFirst()).hasSize(148).startsWith(1, 0, 0, 0);
    assertThat(shard.shard.drops().of(DropReason.HANDSHAKE_QUEUE_FULL)).isZero();
  }

  @Test
  void shouldDoAllTheWorkThatItTook() throws InterruptedException {
    HandshakeWorkers workers = workers("many", 3, DH);
    for (int i = 0; i < 50; i++) {
      assertThat(workers.submit(shard.initiation())).isTrue();
    }
    for (int i = 0; i < 50; i++) {
      shard.complete(awaitDelivery());
    }
    assertThat(shard.sent).hasSize(50);
    assertThat(workers.queued()).isZero();
  }

  @Test
  void shouldBringTogetherWhatIsDoneWhileThereIsMoreToDo() throws InterruptedException {
    CountDownLatch released = new CountDownLatch(1);
    AtomicBoolean holding = new AtomicBoolean();
    X25519 held =
        afterDoing(
            () -> {
              if (holding.get()) {
                awaitUninterruptibly(released);
              }
            });
    List<Integer> sizes = new CopyOnWriteArrayList<>();
    HandshakeWorkers workers = workers("together", 1, held, sizes);
    workers.submit(shard.initiation());
    awaitDelivery();
    assertThat(sizes).as("nobody waits for company").containsExactly(1);

    holding.set(true);
    for (int i = 0; i < 60; i++) {
      assertThat(workers.submit(shard.initiation())).isTrue();
    }
    holding.set(false);
    released.countDown();
    for (int i = 0; i < 60; i++) {
      awaitDelivery();
    }
    assertThat(sizes.stream().mapToInt(Integer::intValue).sum()).isEqualTo(61);
    assertThat(sizes).allMatch(size -> size >= 1 && size <= 16);
  }

  /** Key agreement that does something first. */
  private static X25519 afterDoing(Runnable action) {
    return new X25519() {
      @Override
      public String name() {
        return "prepared";
      }

      @Override
      public boolean agree(byte[] privateKey, byte[] publicKey, byte[] sharedSecret) {
        action.run();
        return DH.agree(privateKey, publicKey, sharedSecret);
      }

      @Override
      public void publicKey(byte[] privateKey, byte[] publicKey) {
        DH.publicKey(privateKey, publicKey);
      }
    };
  }

  static Stream<Throwable> failures() {
    return Stream.of(
        new IllegalStateException("broken"),
        new OutOfMemoryError("none left"),
        new StackOverflowError(),
        new NoClassDefFoundError("gone"));
  }

  private static void raise(Throwable failure) {
    if (failure instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) failure;
  }

  @ParameterizedTest
  @MethodSource("failures")
  void shouldGoOnAfterAStepThatFailed(Throwable failure) throws InterruptedException {
    AtomicBoolean failing = new AtomicBoolean();
    X25519 broken =
        afterDoing(
            () -> {
              if (failing.compareAndSet(true, false)) {
                raise(failure);
              }
            });
    HandshakeWorkers workers = workers("failing", 1, broken);
    workers.submit(shard.initiation());
    shard.complete(awaitDelivery());
    failing.set(true);
    workers.submit(shard.initiation());
    workers.submit(shard.initiation());
    shard.complete(awaitDelivery());
    assertThat(shard.sent).as("the first and the third, for the second failed").hasSize(2);
    assertThat(delivered).isEmpty();
    assertThat(workers.failures()).isEqualTo(1);
    assertThat(workers.areAlive(Duration.ofSeconds(30))).isTrue();
  }

  @Test
  void shouldTellThatAWorkerHangs() throws InterruptedException {
    AtomicBoolean hanging = new AtomicBoolean();
    CountDownLatch hangs = new CountDownLatch(1);
    CountDownLatch released = new CountDownLatch(1);
    X25519 slow =
        afterDoing(
            () -> {
              if (hanging.get()) {
                hangs.countDown();
                awaitUninterruptibly(released);
              }
            });
    HandshakeWorkers workers = workers("hanging", 1, slow);
    workers.submit(shard.initiation());
    awaitDelivery();
    assertThat(workers.areAlive(Duration.ofSeconds(30))).isTrue();

    hanging.set(true);
    workers.submit(shard.initiation());
    hangs.await();
    assertThat(workers.areAlive(Duration.ofMillis(20))).isFalse();

    hanging.set(false);
    released.countDown();
    assertThat(workers.areAlive(Duration.ofSeconds(30))).isTrue();
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Test
  void shouldTellThatAWorkerHasEnded() {
    HandshakeWorkers workers = workers("ended", 1, DH);
    assertThat(workers.areAlive(Duration.ofSeconds(30))).isTrue();
    workers.close();
    await().atMost(30, TimeUnit.SECONDS).until(() -> !workers.areAlive(Duration.ofMillis(1)));
  }

  @Test
  void shouldEndItsThreadsWhenClosed() {
    HandshakeWorkers workers = workers("ending", 2, DH);
    assertThat(threads("ending")).isEqualTo(2);
    workers.close();
    await().atMost(30, TimeUnit.SECONDS).until(() -> threads("ending") == 0);
  }

  private static long threads(String name) {
    return Thread.getAllStackTraces().keySet().stream()
        .filter(thread -> thread.getName().startsWith(name + "-handshake-"))
        .count();
  }
}
