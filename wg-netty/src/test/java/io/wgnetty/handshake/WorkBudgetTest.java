package io.wgnetty.handshake;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WorkBudgetTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final long BURST_NS = 100 * MS;

  private final WorkBudget half = new WorkBudget(0.5, BURST_NS);

  @Test
  void shouldBeWholeAtFirst() {
    assertThat(half.isLeft(0)).isTrue();
    assertThat(half.isScarce(0)).isFalse();
  }

  @Test
  void shouldBeScarceFromHalfOnAndGoneWhenAllIsSpent() {
    half.charge(25 * MS, 0); // half of what half of 100 ms are
    assertThat(half.isScarce(0)).isFalse();
    half.charge(MS, 0);
    assertThat(half.isScarce(0)).isTrue();
    assertThat(half.isLeft(0)).isTrue();
    half.charge(25 * MS, 0);
    assertThat(half.isLeft(0)).isFalse();
  }

  @Test
  void shouldGrantItsShareOfTheTime() {
    long workNs = 0;
    for (long nowNs = 0; nowNs < 10_000 * MS; nowNs += MS / 10) {
      if (half.isLeft(nowNs)) {
        half.charge(MS / 10, nowNs);
        workNs += MS / 10;
      }
    }
    assertThat(workNs).isBetween(5_000 * MS, 5_000 * MS + BURST_NS);
  }

  @Test
  void shouldSaveNoMoreThanItsBurst() {
    half.charge(51 * MS, 10_000 * MS);
    assertThat(half.isLeft(10_000 * MS)).isFalse();
  }

  @Test
  void shouldForgiveDebtsBeyondASecond() {
    half.charge(1_000_000 * MS, 0);
    assertThat(half.isLeft(1_000 * MS - 1)).isFalse();
    assertThat(half.isLeft(1_000 * MS)).isTrue();
  }
}
