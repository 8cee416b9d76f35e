package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.HOURS;

import java.lang.management.ManagementFactory;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.LongStream;

/** Simulates as many hours as wanted, network after network. */
final class LongSimulation {
  /** One network lives for so long; then the next one, of the next seed, begins. */
  static final int HOURS_OF_A_NETWORK = 10;

  /** How much was simulated. */
  record Summary(long hours, long firstSeed, long offered, long delivered, double cpuSeconds) {
    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d virtual hours from seed %d on: %d packets offered, %d delivered, %.0f s of CPU time,"
              + " %.1f hours per CPU second",
          hours,
          firstSeed,
          offered,
          delivered,
          cpuSeconds,
          hours / cpuSeconds);
    }
  }

  private static final int HOURS_BETWEEN_REPORTS = 1000;

  private LongSimulation() {}

  /**
   * Simulates networks, of one seed after the other.
   *
   * @throws Violation at the first that breaks a promise
   */
  static Summary run(int hours, long firstSeed, int threads) {
    AtomicLong offered = new AtomicLong();
    AtomicLong delivered = new AtomicLong();
    AtomicLong cpuNs = new AtomicLong();
    AtomicLong done = new AtomicLong();
    int networks = (hours + HOURS_OF_A_NETWORK - 1) / HOURS_OF_A_NETWORK;
    LongStream seeds = LongStream.range(0, networks).map(i -> firstSeed + i);
    (threads > 1 ? seeds.parallel() : seeds)
        .forEach(
            seed -> {
              long startNs = ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
              World world = new Simulation(seed, Fault.NONE).run(HOURS.toNanos(HOURS_OF_A_NETWORK));
              offered.addAndGet(world.ledger().offeredCount());
              delivered.addAndGet(world.ledger().deliveredCount());
              cpuNs.addAndGet(
                  ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime() - startNs);
              report(done.addAndGet(HOURS_OF_A_NETWORK));
            });
    return new Summary(
        (long) networks * HOURS_OF_A_NETWORK,
        firstSeed,
        offered.get(),
        delivered.get(),
        cpuNs.get() / 1e9);
  }

  private static void report(long hours) {
    if (hours % HOURS_BETWEEN_REPORTS == 0) {
      System.out.println(hours + " virtual hours");
    }
  }
}
