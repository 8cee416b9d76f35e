package io.wgnetty.peer;

import java.util.EnumMap;
import java.util.Map;

/**
 * How often each {@link DropReason} applied. Kept by one owner; others read it by asking the owner.
 */
public final class DropCounters {
  private final Map<DropReason, long[]> counts = new EnumMap<>(DropReason.class);

  public DropCounters() {
    for (DropReason reason : DropReason.values()) {
      counts.put(reason, new long[1]);
    }
  }

  public void count(DropReason reason) {
    count(reason, 1);
  }

  public void count(DropReason reason, int packets) {
    cell(reason)[0] += packets;
  }

  public long of(DropReason reason) {
    return cell(reason)[0];
  }

  /** All counts at this moment. */
  public Map<DropReason, Long> snapshot() {
    Map<DropReason, Long> copy = new EnumMap<>(DropReason.class);
    counts.forEach((reason, cell) -> copy.put(reason, cell[0]));
    return copy;
  }

  private long[] cell(DropReason reason) {
    long[] cell = counts.get(reason);
    if (cell == null) {
      throw new IllegalStateException("every reason has a cell");
    }
    return cell;
  }
}
