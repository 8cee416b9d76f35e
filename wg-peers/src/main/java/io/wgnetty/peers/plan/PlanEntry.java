package io.wgnetty.peers.plan;

import io.wgnetty.peers.record.PeerRecord;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/** A record in the plan, and what has become of it. */
final class PlanEntry {
  /** Who comes first has the better right. */
  static final Comparator<PlanEntry> BY_RIGHT =
      Comparator.<PlanEntry>comparingLong(entry -> entry.order).thenComparing(entry -> entry.name);

  static final Comparator<PlanEntry> BY_END =
      Comparator.<PlanEntry>comparingLong(PlanEntry::notAfter).thenComparing(BY_RIGHT);

  final String name;
  final long order;

  /** The last one that could be read; {@code null} if none ever could. */
  final @Nullable PeerRecord record;

  /** That what came later could not be read. */
  @Nullable Refusal fault;

  /** Why it is not in force by the rules. */
  @Nullable Refusal refusal;

  boolean inForce;
  boolean expired;

  /** In which listing it was seen last. */
  long listing;

  PlanEntry(String name, long order, @Nullable PeerRecord record) {
    this.name = name;
    this.order = order;
    this.record = record;
  }

  long notAfter() {
    return record == null ? PeerRecord.FOR_EVER : record.notAfter();
  }

  boolean isDisabled() {
    return record != null && record.disabled();
  }
}
