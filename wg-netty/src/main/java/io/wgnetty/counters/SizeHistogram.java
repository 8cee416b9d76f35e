package io.wgnetty.counters;

import java.util.Arrays;
import java.util.List;

/** How large batches were, in classes of powers of two. Kept by one thread. */
public final class SizeHistogram {
  /** Up to 1, 2, 4 ... 256 items: no batch has more. */
  private static final int CLASSES = 9;

  private final long[] upTo = new long[CLASSES];
  private long items;

  /** Counts a batch with this many items, at least one. */
  public void count(int size) {
    items += size;
    int place = Integer.SIZE - Integer.numberOfLeadingZeros(size - 1);
    upTo[Math.min(place, CLASSES - 1)]++;
  }

  public long batches() {
    return Arrays.stream(upTo).sum();
  }

  /** The items of all batches. */
  public long items() {
    return items;
  }

  /** How many batches had at most 1, 2, 4 ... items, each counted once. */
  public List<Long> upTo() {
    return Arrays.stream(upTo).boxed().toList();
  }
}
