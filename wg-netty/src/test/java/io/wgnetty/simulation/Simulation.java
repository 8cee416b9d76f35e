package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static java.util.concurrent.TimeUnit.MINUTES;
import static java.util.concurrent.TimeUnit.NANOSECONDS;
import static java.util.concurrent.TimeUnit.SECONDS;

import java.util.SplittableRandom;

/**
 * A network of nodes through good and bad hours: hostile phases in which everything happens,
 * healthy ones in which traffic has to get through, idle ones in which sessions grow old.
 */
final class Simulation {
  private final long seed;
  private final SplittableRandom random;
  private final World world;
  private final Disruptions disruptions;

  Simulation(long seed, Fault fault) {
    this.seed = seed;
    random = new SplittableRandom(seed);
    int size = random.nextInt(3) == 0 ? random.nextInt(3, 21) : 2;
    world = new World(random.nextLong(), size, fault);
    disruptions = new Disruptions(world, random.split());
    world.whenInitiating(this::strikeDuringHandshake);
    for (int i = 1; i < size; i++) {
      world.connect(random.nextInt(i), i);
    }
    for (Flow flow : world.flows()) {
      if (random.nextInt(4) == 0) {
        world.setKeepalive(flow, random.nextInt(1, 60));
      }
    }
  }

  /**
   * Lets so much time pass, then takes the network apart.
   *
   * @throws Violation with the seed and what happened last
   */
  World run(long durationNs) {
    try {
      long endNs = world.time().nowNs() + durationNs;
      while (world.time().nowNs() < endNs) {
        phase(endNs - world.time().nowNs());
      }
      world.end();
      return world;
    } catch (Violation | IllegalStateException e) {
      world.discard();
      Violation violation =
          new Violation("seed " + seed + ": " + e.getMessage() + "; before that:\n" + world.log());
      violation.initCause(e);
      throw violation;
    }
  }

  /** In hostile phases, some handshakes are hit by a disruption in the middle. */
  private void strikeDuringHandshake() {
    Conditions conditions = world.network().conditions();
    if (!conditions.areHealthy() && random.nextInt(10) == 0) {
      long handshakeNs = 2 * conditions.maxDelayNs() + 4 * conditions.maxWorkerDelayNs();
      world.time().after(random.nextLong(handshakeNs), disruptions::cause);
    }
  }

  private void phase(long remainingNs) {
    switch (random.nextInt(6)) {
      case 0, 1 -> hostilePhase(Math.min(remainingNs, seconds(10, 600)));
      case 2, 3, 4 -> healthyPhase(Math.min(remainingNs, seconds(200, 900)));
      default -> idlePhase(Math.min(remainingNs, seconds(60, 3 * 3600)));
    }
  }

  private long seconds(long from, long to) {
    return SECONDS.toNanos(random.nextLong(from, to));
  }

  private void hostilePhase(long durationNs) {
    world.log().add("hostile for %d s", NANOSECONDS.toSeconds(durationNs));
    world.network().setConditions(Conditions.hostile(random));
    startTraffic(MILLISECONDS.toNanos(200), SECONDS.toNanos(40));
    int count = random.nextInt(1, 8);
    for (int i = 0; i < count; i++) {
      world.time().after(random.nextLong(durationNs), disruptions::cause);
    }
    world.time().runFor(durationNs);
  }

  private void healthyPhase(long durationNs) {
    world.log().add("healthy for %d s", NANOSECONDS.toSeconds(durationNs));
    world.network().setConditions(Conditions.HEALTHY);
    world.findEachOther();
    startTraffic(MILLISECONDS.toNanos(500), SECONDS.toNanos(3));
    if (random.nextInt(3) == 0) {
      int node = random.nextInt(world.size());
      world.time().after(random.nextLong(durationNs), () -> world.network().move(node));
    }
    world.time().runFor(durationNs);
  }

  private void idlePhase(long durationNs) {
    world.log().add("idle for %d s", NANOSECONDS.toSeconds(durationNs));
    world.network().setConditions(Conditions.HEALTHY);
    world.flows().forEach(flow -> world.talk(flow, Flow.SILENT));
    for (int i = random.nextInt(3); i > 0; i--) {
      world.time().after(random.nextLong(durationNs), disruptions::cause);
    }
    world.time().runFor(durationNs);
  }

  /** Mostly both ways, sometimes one way, sometimes not; often all at the very same moment. */
  private void startTraffic(long fastestNs, long slowestNs) {
    boolean atOnce = random.nextBoolean();
    for (Flow flow : world.flows()) {
      boolean talks = random.nextInt(5) > 0;
      long intervalNs = talks ? random.nextLong(fastestNs, slowestNs) : Flow.SILENT;
      if (atOnce) {
        world.talk(flow, intervalNs);
      } else {
        world.talk(flow, Flow.SILENT);
        int generation = flow.generation;
        world
            .time()
            .after(
                random.nextLong(MINUTES.toNanos(1)),
                () -> {
                  if (flow.generation == generation) {
                    world.talk(flow, intervalNs);
                  }
                });
      }
    }
  }
}
