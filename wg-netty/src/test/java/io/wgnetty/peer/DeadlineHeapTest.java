package io.wgnetty.peer;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class DeadlineHeapTest {
  private static final int PEERS = 300;
  private static final int STEPS = 50_000;

  private final DeadlineHeap heap = new DeadlineHeap();

  private Peer peer(int number) {
    return LonePeer.numbered(number);
  }

  @Test
  void shouldHaveNoDeadlineWhenEmpty() {
    assertThat(heap.earliestNs()).isEqualTo(PeerTimers.NEVER);
    assertThat(heap.poll(Long.MAX_VALUE)).isNull();
    Peer stranger = peer(1);
    heap.remove(stranger);
    heap.schedule(stranger, PeerTimers.NEVER);
    assertThat(heap.size()).isZero();
  }

  @Test
  void shouldNotGiveAPeerBeforeItsTime() {
    Peer peer = peer(1);
    heap.schedule(peer, 100);
    assertThat(heap.poll(99)).isNull();
    assertThat(heap.poll(100)).isSameAs(peer);
    assertThat(heap.poll(Long.MAX_VALUE)).isNull();
    assertThat(peer.heapPosition).isNegative();
    assertThat(peer.deadlineNs).isEqualTo(PeerTimers.NEVER);
  }

  @Test
  void shouldHoldAPeerOnceHoweverOftenItIsScheduled() {
    Peer peer = peer(1);
    heap.schedule(peer, 100);
    heap.schedule(peer, 300);
    heap.schedule(peer, 200);
    assertThat(heap.size()).isEqualTo(1);
    assertThat(heap.earliestNs()).isEqualTo(200);
    heap.schedule(peer, PeerTimers.NEVER);
    assertThat(heap.size()).isZero();
  }

  /** With a million peers each of them that is looked at is a miss of the cache. */
  @Test
  void shouldCompareWithoutLookingAtPeers() {
    SplittableRandom random = new SplittableRandom(9);
    List<Long> deadlines = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      Peer peer = peer(i);
      long deadline = random.nextInt(1, 1_000_000);
      deadlines.add(deadline);
      heap.schedule(peer, deadline);
      peer.deadlineNs = random.nextLong(); // whoever reads it goes wrong
    }
    deadlines.sort(null);
    for (long deadline : deadlines) {
      assertThat(heap.earliestNs()).isEqualTo(deadline);
      assertThat(heap.poll(deadline)).isNotNull();
    }
  }

  @Test
  void shouldBehaveAsASortedListWould() {
    long seed = System.nanoTime();
    System.out.println("DeadlineHeapTest seed " + seed);
    SplittableRandom random = new SplittableRandom(seed);
    List<Peer> peers = new ArrayList<>();
    for (int i = 0; i < PEERS; i++) {
      peers.add(peer(i));
    }
    Map<Peer, Long> model = new HashMap<>();
    for (int step = 0; step < STEPS; step++) {
      Peer peer = peers.get(random.nextInt(PEERS));
      switch (random.nextInt(6)) {
        case 0 -> {
          heap.remove(peer);
          model.remove(peer);
        }
        case 1 -> {
          long nowNs = random.nextLong(1000);
          Peer taken = heap.poll(nowNs);
          long earliest = earliest(model);
          if (earliest > nowNs) {
            assertThat(taken).isNull();
          } else {
            assertThat(model.remove(requireNonNull(taken))).isEqualTo(earliest);
          }
        }
        default -> {
          // Few different moments, so that equal ones are common.
          long deadlineNs = random.nextLong(1000);
          heap.schedule(peer, deadlineNs);
          model.put(peer, deadlineNs);
        }
      }
      assertThat(heap.size()).isEqualTo(model.size());
      assertThat(heap.earliestNs()).isEqualTo(earliest(model));
    }
    long last = Long.MIN_VALUE;
    for (Peer peer = heap.poll(1000); peer != null; peer = heap.poll(1000)) {
      long deadlineNs = requireNonNull(model.remove(peer));
      assertThat(deadlineNs).isGreaterThanOrEqualTo(last);
      last = deadlineNs;
    }
    assertThat(model).isEmpty();
  }

  private static long earliest(Map<Peer, Long> model) {
    return model.values().stream().mapToLong(Long::longValue).min().orElse(PeerTimers.NEVER);
  }
}
