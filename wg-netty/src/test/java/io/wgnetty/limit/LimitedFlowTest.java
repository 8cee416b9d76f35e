package io.wgnetty.limit;

import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.limit.LimitedFlow.Verdict;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class LimitedFlowTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  /** 8 Mbit/s: a packet of 1000 bytes takes a millisecond. */
  private static final RateLimit LIMIT = new RateLimit(8_000_000, 0);

  private final LoopLimits memory = new LoopLimits();
  private final LimitedFlow flow = flow(LIMIT);

  private LimitedFlow flow(RateLimit limit) {
    return new LimitedFlow(way(limit), memory);
  }

  private static FlowTerms.Way way(RateLimit limit) {
    return new FlowTerms.Way(limit, true, false, null);
  }

  private int send(long nowNs, int packets) {
    int taken = 0;
    for (int i = 0; i < packets; i++) {
      Verdict verdict = flow.offer(nowNs, 1000, 1);
      if (verdict == Verdict.HOLD) {
        flow.hold(new byte[1000], nowNs);
      }
      taken += verdict == Verdict.DROP ? 0 : 1;
    }
    return taken;
  }

  private int release(long nowNs) {
    int released = 0;
    while (flow.release(nowNs) != null) {
      released++;
    }
    return released;
  }

  @Test
  void shouldLetABurstGoAndHoldTheRest() {
    assertThat(send(0, 10)).isEqualTo(10);
    // What may be ahead of its time by 5 ms: the packet that begins at 5 ms, too.
    assertThat(flow.held()).isEqualTo(4);
    assertThat(release(MS - 1)).isZero();
    assertThat(release(MS)).isEqualTo(1);
    assertThat(release(4 * MS)).isEqualTo(3);
    assertThat(flow.held()).isZero();
    assertThat(memory.bytes()).isZero();
  }

  @Test
  void shouldKeepTheLimitOverTime() {
    var random = new SplittableRandom(3);
    long passed = 0;
    for (long nowNs = 0; nowNs < 10 * SECOND; nowNs += MS) {
      passed += release(nowNs);
      int before = flow.held();
      int taken = send(nowNs, random.nextInt(5));
      passed += taken - (flow.held() - before);
    }
    assertThat(passed).as("packets in 10 s at 1000 a second").isBetween(9_990L, 10_010L);
  }

  @Test
  void shouldCountPacketsWhereTheyAreLimited() {
    var slow = flow(new RateLimit(0, 100));
    long passed = 0;
    for (long nowNs = 0; nowNs < 10 * SECOND; nowNs += MS) {
      while (slow.release(nowNs) != null) {
        passed++;
      }
      Verdict verdict = slow.offer(nowNs, 60, 1);
      passed += verdict == Verdict.PASS ? 1 : 0;
      if (verdict == Verdict.HOLD) {
        slow.hold(new byte[60], nowNs);
      }
    }
    assertThat(passed).isBetween(999L, 1_002L);
  }

  @Test
  void shouldDropWhatWouldWaitTooLong() {
    int taken = send(0, 1000);
    // 100 ms of what waits, and what went at once.
    assertThat(taken).isEqualTo(100 + 6);
    assertThat(flow.offer(0, 1, 1)).isEqualTo(Verdict.DROP);
    assertThat(release(50 * MS)).isEqualTo(50);
    assertThat(flow.offer(50 * MS, 1000, 1)).isEqualTo(Verdict.HOLD);
  }

  @Test
  void shouldHoldOnePacketHoweverSlow() {
    var slow = flow(new RateLimit(RateLimit.LEAST_BITS_PER_SECOND, 0));
    assertThat(slow.offer(0, 1400, 1)).isEqualTo(Verdict.PASS);
    assertThat(slow.offer(0, 1400, 1)).isEqualTo(Verdict.HOLD);
    slow.hold(new byte[1400], 0);
    assertThat(slow.offer(0, 1400, 1)).isEqualTo(Verdict.DROP);
    assertThat(slow.release(SECOND)).isNull();
    assertThat(slow.release(2 * SECOND)).hasSize(1400);
  }

  @Test
  void shouldMarkWhatWaitedLong() {
    send(0, 100);
    flow.release(5 * MS);
    assertThat(flow.isToBeMarked()).isFalse();
    flow.release(LimitedFlow.MARK_NS + MS);
    assertThat(flow.isToBeMarked()).isTrue();
  }

  @Test
  void shouldKeepTheOrder() {
    for (int i = 0; i < 20; i++) {
      if (flow.offer(0, 1000, 1) == Verdict.HOLD) {
        byte[] packet = new byte[1000];
        packet[0] = (byte) i;
        flow.hold(packet, 0);
      }
    }
    assertThat(flow.offer(100 * MS, 1000, 1))
        .as("not before those that wait")
        .isEqualTo(Verdict.HOLD);
    int last = -1;
    for (byte[] packet = flow.take(0); packet != null; packet = flow.take(0)) {
      assertThat(packet[0]).isGreaterThan((byte) last);
      last = packet[0];
    }
    assertThat(last).isEqualTo(19);
  }

  @Test
  void shouldGoOnAtAnotherPace() {
    send(0, 50);
    flow.change(way(RateLimit.NONE), 0);
    assertThat(release(0)).as("without a limit nothing waits").isEqualTo(44);
    assertThat(send(0, 1000)).isEqualTo(1000);
    assertThat(flow.held()).isZero();
    flow.change(way(LIMIT), MS);
    send(MS, 10);
    assertThat(flow.held()).isPositive();
  }

  @Test
  void shouldBoundWhatWaitsForAll() {
    var fast = flow(new RateLimit(RateLimit.GREATEST_BITS_PER_SECOND, 1));
    assertThat(fast.offer(0, 60, 1)).isEqualTo(Verdict.PASS);
    memory.add(LoopLimits.MOST_BYTES - 1000);
    assertThat(fast.offer(0, 1001, 1)).isEqualTo(Verdict.DROP);
    assertThat(fast.offer(0, 1000, 1)).isEqualTo(Verdict.HOLD);
  }

  @Test
  void shouldChargeSuperPacketsWhole() {
    assertThat(flow.offer(0, 60_000, 43)).isEqualTo(Verdict.PASS);
    assertThat(flow.offer(54 * MS, 1000, 1)).isEqualTo(Verdict.HOLD);
    assertThat(flow.offer(55 * MS, 1000, 1)).isEqualTo(Verdict.PASS);
  }
}
