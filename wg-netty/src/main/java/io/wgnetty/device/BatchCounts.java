package io.wgnetty.device;

import io.wgnetty.counters.SizeHistogram;
import java.util.ArrayList;
import java.util.List;

/**
 * How large batches were.
 *
 * @param batches how many
 * @param items packets, datagrams or messages in them all
 * @param upTo how many batches had at most 1, 2, 4, 8, ... items, each batch counted once, in the
 *     first that fits
 */
public record BatchCounts(long batches, long items, List<Long> upTo) {
  static final BatchCounts NONE = new BatchCounts(0, 0, List.of());

  static BatchCounts of(SizeHistogram histogram) {
    return new BatchCounts(histogram.batches(), histogram.items(), histogram.upTo());
  }

  /** The average size, 0 if there was no batch. */
  public double average() {
    return batches == 0 ? 0 : (double) items / batches;
  }

  BatchCounts plus(BatchCounts other) {
    List<Long> sums = new ArrayList<>();
    for (int i = 0; i < Math.max(upTo.size(), other.upTo.size()); i++) {
      sums.add(at(i) + other.at(i));
    }
    return new BatchCounts(batches + other.batches, items + other.items, List.copyOf(sums));
  }

  private long at(int place) {
    return place < upTo.size() ? upTo.get(place) : 0;
  }
}
