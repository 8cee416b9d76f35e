package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class MachineSleepTest {
  private static final long SECOND = TimeUnit.SECONDS.toNanos(1);

  private long bootNs = 100 * SECOND;
  private long monotonicNs = 70 * SECOND; // it has slept before

  /** How long the next look is held up between the two clocks. */
  private long heldUpNs;

  private final MachineSleep sleep =
      new MachineSleep(
          () -> bootNs,
          () -> {
            bootNs += heldUpNs;
            monotonicNs += heldUpNs;
            heldUpNs = 0;
            return monotonicNs;
          });

  private void runs(long ns) {
    bootNs += ns;
    monotonicNs += ns;
  }

  private void sleeps(long ns) {
    bootNs += ns;
  }

  @Test
  void shouldTellOfASleepOnce() {
    assertThat(sleep.sleptNs()).as("what was before").isZero();
    runs(3600 * SECOND);
    assertThat(sleep.sleptNs()).isZero();
    sleeps(37 * SECOND);
    assertThat(sleep.sleptNs()).isEqualTo(37 * SECOND);
    runs(SECOND);
    assertThat(sleep.sleptNs()).isZero();
    sleeps(SECOND);
    assertThat(sleep.sleptNs()).isEqualTo(SECOND);
  }

  @Test
  void shouldNotTakeAThreadThatWasHeldUpForASleep() {
    for (int i = 0; i < 100; i++) {
      heldUpNs = i * SECOND;
      runs(SECOND);
      assertThat(sleep.sleptNs()).isZero();
    }
  }

  @Test
  void shouldAddUpShortOnes() {
    sleeps(MachineSleep.LEAST_NS / 2);
    assertThat(sleep.sleptNs()).isZero();
    sleeps(MachineSleep.LEAST_NS / 2);
    assertThat(sleep.sleptNs()).isEqualTo(MachineSleep.LEAST_NS);
  }

  @Test
  void shouldAskTheSystem() {
    assertThat(new MachineSleep().sleptNs()).isZero();
  }
}
