package io.wgnetty.storm;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;

/**
 * When the members of a group first called, and when each had its response. One thread writes;
 * others may read the counts at any time, the times once the writer has ended.
 */
final class Arrivals {
  private final long[] calledNs;
  private final long[] inNs;
  private final AtomicInteger called = new AtomicInteger();
  private final AtomicInteger in = new AtomicInteger();

  Arrivals(int members) {
    calledNs = new long[members];
    inNs = new long[members];
  }

  void called(int member, long nowNs) {
    if (calledNs[member] == 0) {
      calledNs[member] = nowNs;
      called.incrementAndGet();
    }
  }

  void in(int member, long nowNs) {
    if (inNs[member] == 0) {
      inNs[member] = nowNs;
      in.incrementAndGet();
    }
  }

  /** Only the writer asks. */
  boolean isIn(int member) {
    return inNs[member] != 0;
  }

  int members() {
    return inNs.length;
  }

  int called() {
    return called.get();
  }

  int in() {
    return in.get();
  }

  /** How long each that called and is in took, ascending. */
  Quantiles took() {
    return new Quantiles(
        IntStream.range(0, inNs.length)
            .filter(member -> inNs[member] != 0)
            .mapToLong(member -> inNs[member] - calledNs[member])
            .toArray(),
        called());
  }

  /** When each came in, counted from {@code startNs}, out of all members. */
  Quantiles times(long startNs) {
    return new Quantiles(
        Arrays.stream(inNs).filter(ns -> ns != 0).map(ns -> ns - startNs).toArray(), inNs.length);
  }
}
