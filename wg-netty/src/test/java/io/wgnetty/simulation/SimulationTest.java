package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.HOURS;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A hundred hours of random networks at every build, each from a seed of its own. A run that failed
 * is repeated with {@code bin/simulate 10 SEED}, as one seed is one network of ten hours.
 */
class SimulationTest {
  private static final int HOURS_IN_A_BUILD = 100;

  @Test
  void shouldKeepEveryPromiseThroughRandomHours() {
    long firstSeed = new Random().nextLong();
    System.out.println("SimulationTest first seed " + firstSeed);
    LongSimulation.Summary summary = LongSimulation.run(HOURS_IN_A_BUILD, firstSeed, 1);
    System.out.println(summary);
    assertThat(summary.hours()).isGreaterThanOrEqualTo(HOURS_IN_A_BUILD);
    assertThat(summary.delivered()).isPositive().isLessThan(summary.offered());
    assertThat(HOURS.toNanos(summary.hours())).isPositive();
  }
}
