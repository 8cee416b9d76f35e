package io.wgnetty.counters;

import java.util.EnumMap;
import java.util.Map;

/**
 * How often each {@link DropReason} applied. Kept by one owner; others read it by asking the owner.
 */
public final class DropCounters {
  private final Map<DropReason, long[]> counts = new EnumMap<>(DropReason.class);

  public void count(DropReason reason) {
    count(reason, 1);
  }

  public void count(DropReason reason, int packets) {
    cell(reason)[0] += packets;
  }

  public long of(DropReason reason) {
    long[] cell = counts.get(reason);
    return cell == null ? 0 : cell[0];
  }

  /** All counts at this moment, zeros too. */
  public Map<DropReason, Long> snapshot() {
    Map<DropReason, Long> copy = new EnumMap<>(DropReason.class);
    for (DropReason reason : DropReason.values()) {
      copy.put(reason, of(reason));
    }
    return copy;
  }

  /** The counts that are not zero. */
  public Map<DropReason, Long> nonZero() {
    Map<DropReason, Long> some = snapshot();
    some.values().removeIf(count -> count == 0);
    return some;
  }

  private long[] cell(DropReason reason) {
    long[] cell = counts.get(reason);
    if (cell == null) {
      cell = new long[1]; // most reasons never apply
      counts.put(reason, cell);
    }
    return cell;
  }
}
