package io.wgnetty.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/**
 * A hundred hours of random networks at every build. {@code bin/simulate} asks for more of them, or
 * for the seed that failed, by the two properties.
 */
class SimulationTest {
  private static final int HOURS_IN_A_BUILD = 100;

  @Test
  void shouldKeepEveryPromiseThroughRandomHours() {
    int hours = Integer.getInteger("simulation.hours", HOURS_IN_A_BUILD);
    long seed = Long.getLong("simulation.seed", new Random().nextLong());
    // A build leaves the other cores to others.
    int threads = hours > HOURS_IN_A_BUILD ? Runtime.getRuntime().availableProcessors() : 1;
    System.out.println("SimulationTest first seed " + seed);
    LongSimulation.Summary summary = LongSimulation.run(hours, seed, threads);
    System.out.println(summary);
    assertThat(summary.hours()).isGreaterThanOrEqualTo(hours);
    // Much is lost on the way; that nothing came through would be a simulation of nothing.
    assertThat(summary.delivered()).isBetween(summary.offered() / 2, summary.offered() - 1);
  }
}
