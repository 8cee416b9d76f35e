package io.wgnetty.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class WorkPriceTest {
  private static final long STEP_NS = 35_000;

  private final WorkPrice price = new WorkPrice();

  /** The price of a step on average, of many of which each n-th is interrupted for a while. */
  private double average(int each, long interruptedNs) {
    double sum = 0;
    int steps = 100 * each;
    for (int i = 0; i < 10 * each; i++) {
      price.of(STEP_NS + (i % each == 0 ? interruptedNs : 0), STEP_NS);
    }
    for (int i = 0; i < steps; i++) {
      sum += price.of(STEP_NS + (i % each == 0 ? interruptedNs : 0), STEP_NS);
    }
    return sum / steps / STEP_NS;
  }

  @Test
  void shouldChargeProcessorTimeWhereThereIsEnough() {
    assertThat(average(1, 0)).isEqualTo(1);
    assertThat(average(100, 1_000_000)).as("a third is waiting").isLessThan(1.1);
  }

  @Test
  void shouldChargeTheMoreTheShorterProcessorsAre() {
    // 3 ms of waiting for 28 steps of 35 us: four times as long as they take
    assertThat(average(28, 3_000_000)).isCloseTo(7.3, within(1.5));
    assertThat(average(14, 3_000_000)).isGreaterThan(15);
  }

  @Test
  void shouldForgetAShortage() {
    average(14, 3_000_000);
    for (int i = 0; i < 3000; i++) {
      price.of(STEP_NS, STEP_NS);
    }
    assertThat(average(1, 0)).isEqualTo(1);
  }

  @Test
  void shouldCopeWithClocksThatDoNotAgree() {
    assertThat(price.of(0, STEP_NS)).isEqualTo(STEP_NS);
    assertThat(price.of(0, 0)).isZero();
  }
}
