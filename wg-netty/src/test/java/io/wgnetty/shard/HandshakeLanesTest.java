package io.wgnetty.shard;

import static io.wgnetty.shard.TestNetwork.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.counters.DropReason;
import io.wgnetty.handshake.HandshakeJob;
import io.wgnetty.handshake.HandshakeLanes;
import io.wgnetty.handshake.WorkBudget;
import io.wgnetty.protocol.HandshakeMessage;
import io.wgnetty.protocol.InitiationMessage;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Phaser;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class HandshakeLanesTest extends PairTest {
  private final HandshakeLanes lanes = new HandshakeLanes(2);

  /** A step of every kind that a node has at some time. */
  private HandshakeJob initiation() {
    alice.holdJobs();
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    return Objects.requireNonNull(alice.jobs().poll());
  }

  private HandshakeJob opening() {
    return opening(new WorkBudget(1, SECOND));
  }

  private HandshakeJob proven() {
    return opening(null);
  }

  private HandshakeJob opening(@Nullable WorkBudget payer) {
    byte[] bytes = new byte[148];
    bytes[0] = 1;
    bob.holdJobs();
    HandshakeMessage message = Objects.requireNonNull(HandshakeMessage.parse(bytes));
    bob.shard()
        .handshakes()
        .received((InitiationMessage) message, alice.place(), network.nowNs(), payer);
    return bob.jobs().remove();
  }

  private HandshakeJob response() {
    bob.holdJobs();
    alice.releaseJobs();
    network.advance(6 * SECOND);
    alice.shard().handshakes().attempts().initiate(toBob, network.nowNs());
    network.settle();
    HandshakeJob opening = bob.jobs().remove();
    opening.run(bob.crypto());
    bob.complete(opening);
    return bob.jobs().remove();
  }

  private List<HandshakeJob.Kind> takeAll(int number) {
    return IntStream.range(1, number + 1)
        .mapToObj(
            turn -> {
              try {
                return lanes.take(turn).kind();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            })
        .toList();
  }

  @Test
  void shouldCompleteWhatHasBegunBeforeItBeginsMore() {
    HandshakeJob own = initiation();
    HandshakeJob opening = opening();
    HandshakeJob proven = proven();
    HandshakeJob response = response();
    assertThat(lanes.offer(own)).isTrue();
    assertThat(lanes.offer(opening)).isTrue();
    assertThat(lanes.offer(proven)).isTrue();
    assertThat(lanes.offer(response)).isTrue();
    assertThat(takeAll(4))
        .containsExactly(
            HandshakeJob.Kind.COMPLETING,
            HandshakeJob.Kind.PROVEN,
            HandshakeJob.Kind.INCOMING,
            HandshakeJob.Kind.OWN);
  }

  @Test
  void shouldLetOurOwnComeFirstNowAndThen() {
    HandshakeJob own = initiation();
    HandshakeJob opening = opening();
    for (int i = 0; i < 32; i++) {
      lanes.offer(opening);
      lanes.offer(own);
    }
    assertThat(takeAll(32)).filteredOn(kind -> kind == HandshakeJob.Kind.OWN).hasSize(4);
  }

  @Test
  void shouldBoundEachLaneByItself() {
    HandshakeJob own = initiation();
    HandshakeJob opening = opening();
    int taken = 0;
    while (lanes.offer(own)) {
      taken++;
    }
    assertThat(taken).isEqualTo(HandshakeLanes.OWN_CAPACITY);
    taken = 0;
    while (lanes.offer(opening)) {
      taken++;
    }
    assertThat(taken).isEqualTo(HandshakeLanes.INCOMING_CAPACITY);
    assertThat(lanes.incoming()).isEqualTo(taken);
    assertThat(lanes.unproven()).isEqualTo(taken);
    assertThat(lanes.offer(proven())).as("who shows a cookie has room all the same").isTrue();
    assertThat(lanes.incoming()).isEqualTo(taken + 1);
    assertThat(lanes.offer(response())).as("what completes has room all the same").isTrue();
    List<HandshakeJob> rest = new ArrayList<>();
    lanes.drain(rest::add);
    assertThat(rest).hasSize(HandshakeLanes.OWN_CAPACITY + HandshakeLanes.INCOMING_CAPACITY + 2);
    assertThat(lanes.incoming()).isZero();
  }

  @Test
  void shouldDropInitiationsThatWaitedTooLong() {
    HandshakeJob opening = opening();
    assertThat(opening.isStale(network.nowNs() + 4 * SECOND)).isFalse();
    long lateNs = network.nowNs() + 5 * SECOND;
    assertThat(opening.isStale(lateNs)).isTrue();
    bob.shard().handshakes().complete(opening, lateNs);
    assertThat(bob.drops(DropReason.HANDSHAKE_STALE)).isEqualTo(1);
  }

  @Test
  void shouldGiveEverythingToExactlyOneOfManyWorkers() throws InterruptedException {
    HandshakeJob opening = opening();
    int steps = 20_000;
    List<Thread> workers = new ArrayList<>();
    var counts = new AtomicInteger();
    for (int i = 0; i < 4; i++) {
      workers.add(
          Thread.ofPlatform()
              .start(
                  () -> {
                    try {
                      for (int turn = 0; turn < steps / 4; turn++) {
                        lanes.take(turn);
                        counts.incrementAndGet();
                      }
                    } catch (InterruptedException e) {
                      Thread.currentThread().interrupt();
                    }
                  }));
    }
    for (int i = 0; i < steps; i++) {
      while (!lanes.offer(opening)) {
        Thread.onSpinWait();
      }
    }
    for (Thread worker : workers) {
      worker.join();
    }
    assertThat(counts).hasValue(steps);
    assertThat(lanes.incoming()).isZero();
  }

  /** One who looks at a lane before a step comes into it must not leave that step behind. */
  @Test
  void shouldLoseNoStepBetweenTwoWorkers() throws Exception {
    HandshakeJob own = initiation();
    HandshakeJob completing = response();
    int rounds = 30_000;
    var round = new Phaser(3);
    var taken = new AtomicInteger();
    List<Thread> workers = new ArrayList<>();
    for (int number = 0; number < 2; number++) {
      int turn = number; // every so many turns a worker looks at the own steps first
      workers.add(
          Thread.ofPlatform()
              .daemon()
              .start(
                  () -> {
                    for (int i = 0; i < rounds; i++) {
                      round.arriveAndAwaitAdvance();
                      for (int look = 0; look < 8; look++) {
                        if (lanes.poll(turn) != null) {
                          taken.incrementAndGet();
                        }
                      }
                      round.arriveAndAwaitAdvance();
                    }
                  }));
    }
    for (int i = 0; i < rounds; i++) {
      lanes.offer(own);
      round.arriveAndAwaitAdvance();
      lanes.offer(completing);
      round.arriveAndAwaitAdvance();
      lanes.drain(job -> taken.incrementAndGet());
      assertThat(taken.getAndSet(0)).as("round " + i).isEqualTo(2);
    }
    for (Thread worker : workers) {
      worker.join();
    }
  }
}
