package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class StagedBudgetTest {
  private static final long MIB = 1 << 20;

  @Test
  void shouldBeAnEighthOfTheHeapWithinBounds() {
    assertThat(share(256 * MIB)).isEqualTo(32 * MIB);
    assertThat(share(4 * MIB)).isEqualTo(StagedBudget.MIN_BYTES);
    assertThat(share(64_000 * MIB)).isEqualTo(StagedBudget.MAX_BYTES);
    assertThat(share(Long.MAX_VALUE)).isEqualTo(StagedBudget.MAX_BYTES);
  }

  private static long share(long heapBytes) {
    StagedBudget budget = new StagedBudget(heapBytes);
    budget.join();
    return budget.shareBytes();
  }

  @Test
  void shouldBeDividedAmongTheLoopsThatThereAre() {
    StagedBudget budget = new StagedBudget(800 * MIB);
    budget.join();
    budget.join();
    budget.join();
    budget.join();
    assertThat(budget.shareBytes()).isEqualTo(25 * MIB);
    budget.leave();
    budget.leave();
    budget.leave();
    assertThat(budget.shareBytes()).isEqualTo(100 * MIB);
  }
}
