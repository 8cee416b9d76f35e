package io.wgnetty.protocol;

import java.util.Random;

/** A random source whose seed is printed, and can be given back with {@code -Dwgnetty.seed=N}. */
final class SeededRandom {
  private SeededRandom() {}

  static Random create(String test) {
    long seed = Long.getLong("wgnetty.seed", System.nanoTime());
    System.out.println(test + ": -Dwgnetty.seed=" + seed);
    return new Random(seed);
  }
}
