package io.wgnetty.limit;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.wgnetty.limit.LimitedFlow.Verdict;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Peers of a group on loops of their own, each with its share of one limit. */
class SharedPaceTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int SECONDS = 10;
  private static final int BYTES = 1000;

  private static LimitedFlow peer(LoopLimits loop, SharedLimit shared, RateLimit own) {
    var limit = new PeerLimit(own, RateLimit.NONE);
    return new LimitedFlow(FlowTerms.of(limit, shared).in(), loop);
  }

  /** What a peer has got through by this tick, if it offers so many packets. */
  private static int tick(LimitedFlow flow, long nowNs, int packets) {
    int passed = 0;
    while (flow.release(nowNs) != null) {
      passed++;
    }
    for (int i = 0; i < packets; i++) {
      Verdict verdict = flow.offer(nowNs, BYTES, 1);
      passed += verdict == Verdict.PASS ? 1 : 0;
      if (verdict == Verdict.HOLD) {
        flow.hold(new byte[BYTES], nowNs);
      }
    }
    return passed;
  }

  @ParameterizedTest
  @ValueSource(longs = {800_000, 8_000_000, 800_000_000})
  void shouldKeepTheLimitOverAllLoopsAndShareItEvenly(long bitsPerSecond) {
    var shared = new SharedLimit(new PeerLimit(new RateLimit(bitsPerSecond, 0), RateLimit.NONE));
    LimitedFlow[] flows = new LimitedFlow[4];
    for (int i = 0; i < flows.length; i++) {
      flows[i] = peer(new LoopLimits(), shared, RateLimit.NONE);
    }
    long[] passed = new long[flows.length];
    int offered = (int) Math.max(1, bitsPerSecond / 8 / BYTES / 1000);
    var random = new SplittableRandom(11);
    for (long nowNs = 0; nowNs < SECONDS * 1000 * MS; nowNs += MS) {
      for (int i = 0; i < flows.length; i++) { // timers of loops are not in step
        passed[i] += tick(flows[i], nowNs + random.nextLong(MS), offered);
      }
    }
    double wanted = bitsPerSecond / 8.0 / BYTES * SECONDS;
    assertThat((double) Arrays.stream(passed).sum()).isBetween(0.99 * wanted, 1.01 * wanted + 30);
    for (long each : passed) {
      assertThat((double) each).isBetween(0.9 * wanted / 4, 1.1 * wanted / 4 + 10);
    }
  }

  @Test
  void shouldGiveAllToTheOneThatHasSomething() {
    var shared = new SharedLimit(new PeerLimit(new RateLimit(8_000_000, 0), RateLimit.NONE));
    LimitedFlow busy = peer(new LoopLimits(), shared, RateLimit.NONE);
    LimitedFlow idle = peer(new LoopLimits(), shared, RateLimit.NONE);
    long passed = 0;
    for (long nowNs = 0; nowNs < SECONDS * 1000 * MS; nowNs += MS) {
      passed += tick(busy, nowNs, 3);
      passed += nowNs % (1000 * MS) == 0 ? tick(idle, nowNs, 1) : 0;
    }
    assertThat(passed).isBetween(9_950L, 10_050L);
  }

  @Test
  void shouldKeepToPacketsAndToThePeersOwnLimit() {
    var shared = new SharedLimit(new PeerLimit(new RateLimit(0, 500), RateLimit.NONE));
    LimitedFlow slow = peer(new LoopLimits(), shared, new RateLimit(0, 100));
    LimitedFlow other = peer(new LoopLimits(), shared, RateLimit.NONE);
    long ofSlow = 0;
    long ofOther = 0;
    for (long nowNs = 0; nowNs < SECONDS * 1000 * MS; nowNs += MS) {
      ofSlow += tick(slow, nowNs, 1);
      ofOther += tick(other, nowNs, 1);
    }
    assertThat(ofSlow).isBetween(980L, 1_010L);
    assertThat(ofSlow + ofOther).isBetween(4_950L, 5_050L);
  }

  @Test
  void shouldBoundWhatWaitsByHowManyWait() {
    var shared = new SharedLimit(new PeerLimit(new RateLimit(8_000_000, 0), RateLimit.NONE));
    var loop = new LoopLimits();
    int held = 0;
    for (int i = 0; i < 10; i++) {
      LimitedFlow flow = peer(loop, shared, RateLimit.NONE);
      tick(flow, 0, 200);
      held += flow.held();
    }
    // 100 + 50 + 33 ... packets of a millisecond each.
    assertThat(held).isBetween(250, 300);
    LimitedFlow last = peer(loop, shared, RateLimit.NONE);
    assertThat(last.offer(0, BYTES, 1)).as("one may always wait").isEqualTo(Verdict.HOLD);
    last.hold(new byte[BYTES], 0);
    tick(last, 0, 20);
    assertThat(last.offer(0, BYTES, 1)).isEqualTo(Verdict.DROP);
    assertThat(last.cause()).isEqualTo(FlowTerms.Cause.GROUP_LIMIT);
  }

  @Test
  void shouldGoOnWhenTheLimitChanges() {
    var shared = new SharedLimit(new PeerLimit(new RateLimit(80_000, 0), RateLimit.NONE));
    LimitedFlow flow = peer(new LoopLimits(), shared, RateLimit.NONE);
    tick(flow, 0, 20);
    shared.change(new PeerLimit(RateLimit.NONE, RateLimit.NONE));
    assertThat(tick(flow, MS, 1000)).isGreaterThan(1000);
    assertThat(flow.held()).isZero();
  }

  @Test
  void shouldSlowOrEndWhatHasUsedItsQuota() {
    PeerLimit limit = LimitText.parse("80M").withQuota(QuotaText.parse("1GB a day, then 8M"));
    FlowTerms within = FlowTerms.of(limit, null);
    assertThat(within.in().ofQuota()).isFalse();
    Quota quota = requireNonNull(limit.quota());
    FlowTerms slowed = within.after(quota);
    assertThat(slowed.in().rate().bitsPerSecond()).isEqualTo(8_000_000);
    var flow = new LimitedFlow(slowed.in(), new LoopLimits());
    assertThat(tick(flow, 0, 1000)).isEqualTo(6);
    assertThat(flow.cause()).isEqualTo(FlowTerms.Cause.QUOTA);

    Quota end = requireNonNull(QuotaText.parse("1GB a day, then off"));
    flow.change(within.after(end).in(), 0);
    assertThat(flow.offer(1000 * MS, 1, 1)).isEqualTo(Verdict.DROP);
    assertThat(flow.cause()).isEqualTo(FlowTerms.Cause.QUOTA);
    flow.change(within.in(), 2000 * MS);
    assertThat(tick(flow, 2000 * MS, 1)).isPositive();
  }
}
