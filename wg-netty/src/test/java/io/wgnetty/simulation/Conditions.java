package io.wgnetty.simulation;

import static java.util.concurrent.TimeUnit.MILLISECONDS;

import java.util.SplittableRandom;

/**
 * How the network and the machines treat the nodes for a while. Probabilities are per datagram.
 *
 * @param loss lost
 * @param duplication delivered twice
 * @param corruption altered, cut, lengthened or forged
 * @param replay an older one comes again
 * @param refusal not taken by the sender's own socket
 * @param late delivered with up to {@link #LONGEST_DELAY_NS}
 * @param workersFull handshake work refused; an eighth of that is accepted and lost
 * @param minDelayNs least time on the way
 * @param maxDelayNs most time on the way, unless {@code late}
 * @param maxWorkerDelayNs longest wait for a handshake worker, and longest work
 */
record Conditions(
    double loss,
    double duplication,
    double corruption,
    double replay,
    double refusal,
    double late,
    double workersFull,
    long minDelayNs,
    long maxDelayNs,
    long maxWorkerDelayNs) {

  static final long LONGEST_DELAY_NS = MILLISECONDS.toNanos(30_000);

  /** Nothing is lost. Delays stay far below the jitter, which is what ends collisions. */
  static final Conditions HEALTHY =
      new Conditions(
          0, 0.02, 0, 0, 0, 0, 0, MILLISECONDS.toNanos(1), MILLISECONDS.toNanos(40), 2_000_000);

  /** The same delay for everybody: what collides once collides again, but for the jitter. */
  static Conditions exact(double loss) {
    long delayNs = MILLISECONDS.toNanos(25);
    return new Conditions(loss, 0, 0, 0, 0, 0, 0, delayNs, delayNs, 0);
  }

  /** Sockets take nothing. */
  static Conditions refusing() {
    return new Conditions(0, 0, 0, 0, 1, 0, 0, 0, 0, 0);
  }

  /** Nobody computes handshakes. */
  static Conditions overworked() {
    return new Conditions(0, 0, 0, 0, 0, 0, 1, 0, 0, 0);
  }

  /** Handshakes take their time, so that much can come between. */
  static Conditions slowWorkers() {
    long delayNs = MILLISECONDS.toNanos(10);
    return new Conditions(0, 0, 0, 0, 0, 0, 0, delayNs, delayNs, MILLISECONDS.toNanos(50));
  }

  /** Bad in some ways, each of its own degree. */
  static Conditions hostile(SplittableRandom random) {
    return new Conditions(
        sometimes(random, 0.9),
        sometimes(random, 0.5),
        sometimes(random, 0.3),
        sometimes(random, 0.3),
        sometimes(random, 0.1),
        sometimes(random, 0.2),
        sometimes(random, 0.5),
        MILLISECONDS.toNanos(random.nextLong(1, 50)),
        MILLISECONDS.toNanos(random.nextLong(50, 1000)),
        MILLISECONDS.toNanos(random.nextLong(1, random.nextInt(5) == 0 ? 8000 : 200)));
  }

  /** Whether nothing is lost or late, neither on the way nor at the workers. */
  boolean areHealthy() {
    return loss + corruption + refusal + late + workersFull == 0
        && maxDelayNs <= HEALTHY.maxDelayNs
        && maxWorkerDelayNs <= HEALTHY.maxWorkerDelayNs;
  }

  private static double sometimes(SplittableRandom random, double most) {
    return random.nextBoolean() ? 0 : most * random.nextDouble() * random.nextDouble();
  }
}
