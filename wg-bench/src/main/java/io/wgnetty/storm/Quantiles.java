package io.wgnetty.storm;

import java.util.Arrays;
import java.util.OptionalLong;

/** Times of a group of which some may never have come: those count as the longest. */
final class Quantiles {
  private final long[] sorted;
  private final int outOf;

  /**
   * The times of those that came.
   *
   * @param outOf how many there are, with those that did not
   */
  Quantiles(long[] times, int outOf) {
    if (times.length > outOf) {
      throw new IllegalArgumentException(times.length + " times out of " + outOf);
    }
    this.outOf = outOf;
    sorted = times.clone();
    Arrays.sort(sorted);
  }

  /** The time by which this share had come; empty if it never had. */
  OptionalLong at(double share) {
    int rank = Math.max((int) Math.ceil(share * outOf), 1);
    return rank > sorted.length ? OptionalLong.empty() : OptionalLong.of(sorted[rank - 1]);
  }

  /** The longest of those that came. */
  OptionalLong longest() {
    return sorted.length == 0 ? OptionalLong.empty() : OptionalLong.of(sorted[sorted.length - 1]);
  }

  int came() {
    return sorted.length;
  }

  int outOf() {
    return outOf;
  }
}
