package io.wgnetty.counters;

import io.wgnetty.state.StateReader;
import io.wgnetty.state.StateWriter;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * How often each {@link DropReason} applied. Kept by one owner; others read it by asking the owner.
 */
public final class DropCounters {
  /** More than any version has. */
  private static final int MAX_REASONS = 1024;

  private static final int MAX_NAME_BYTES = 128;

  private static final Map<String, DropReason> REASONS =
      Arrays.stream(DropReason.values()).collect(Collectors.toMap(Enum::name, reason -> reason));

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

  /** Writes down what is not zero. */
  public void save(StateWriter out) {
    Map<DropReason, Long> some = nonZero();
    out.int32(some.size());
    some.forEach(
        (reason, count) -> {
          out.text(reason.name());
          out.int64(count);
        });
  }

  /** Adds what {@link #save} wrote down. Reasons that this version does not have are left out. */
  public void restore(StateReader in) {
    int kinds = in.count(MAX_REASONS);
    for (int i = 0; i < kinds; i++) {
      DropReason reason = REASONS.get(in.text(MAX_NAME_BYTES));
      long count = in.int64();
      if (reason != null) {
        cell(reason)[0] += count;
      }
    }
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
