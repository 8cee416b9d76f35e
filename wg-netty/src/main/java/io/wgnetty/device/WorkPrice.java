package io.wgnetty.device;

/**
 * What a worker's time is worth to the node. Where processors are to be had, a step is charged with
 * the processor time that it took. Where they are short, a step takes several times as long as
 * that, because others are at work: then it is charged the more, with the square, so that those who
 * carry data keep what they need. Belongs to one worker.
 */
final class WorkPrice {
  /** Interruptions that every machine has: a step may take so many times its processor time. */
  private static final double USUAL = 1.5;

  /** Steps after which what was before hardly counts: single ones are interrupted or not. */
  private static final double MEMORY = 256;

  private double elapsedNs = 1;
  private double processorNs = 1;

  /**
   * The price of a step.
   *
   * @param tookNs from its beginning to its end
   * @param cpuNs the processor time of that
   */
  long of(long tookNs, long cpuNs) {
    elapsedNs += Math.max(tookNs, cpuNs) - elapsedNs / MEMORY;
    processorNs += cpuNs - processorNs / MEMORY;
    double shortage = Math.max(1, elapsedNs / processorNs / USUAL);
    return (long) (cpuNs * shortage * shortage);
  }
}
