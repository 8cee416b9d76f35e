package io.wgnetty.peers.plan;

import io.wgnetty.peers.record.PeerRecord;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who wants which keys and prefixes; nearly always one record wants each. */
final class PlanClaims {
  /** To a {@link PlanEntry}, or to a sorted set of those that want the same. */
  private final Map<Object, Object> wanted = new HashMap<>();

  void add(PlanEntry entry) {
    forEach(entry.record, claim -> wanted.merge(claim, entry, PlanClaims::together));
  }

  @SuppressWarnings("unchecked")
  private static Object together(Object present, Object added) {
    SortedSet<PlanEntry> all;
    if (present instanceof PlanEntry one) {
      all = new TreeSet<>(PlanEntry.BY_RIGHT);
      all.add(one);
    } else {
      all = (SortedSet<PlanEntry>) present;
    }
    all.add((PlanEntry) added);
    return all;
  }

  void remove(PlanEntry entry) {
    forEach(
        entry.record,
        claim ->
            wanted.computeIfPresent(
                claim, (key, present) -> present == entry ? null : without(present, entry)));
  }

  private static @Nullable Object without(Object present, PlanEntry entry) {
    if (present instanceof SortedSet<?> all) {
      all.remove(entry);
      return all.size() == 1 ? all.first() : all;
    }
    return present;
  }

  /** Who wants this, the one with the best right first. */
  @SuppressWarnings("unchecked")
  Collection<PlanEntry> of(Object claim) {
    Object present = wanted.get(claim);
    if (present == null) {
      return List.of();
    }
    return present instanceof PlanEntry one ? List.of(one) : (Collection<PlanEntry>) present;
  }

  /** Whether somebody with a better right has something that this one wants. */
  boolean areTaken(PlanEntry entry) {
    boolean[] taken = new boolean[1];
    forEach(entry.record, claim -> taken[0] = taken[0] || isTaken(claim, entry));
    return taken[0];
  }

  private boolean isTaken(Object claim, PlanEntry entry) {
    for (PlanEntry other : of(claim)) {
      if (other == entry) {
        return false;
      }
      if (other.inForce) {
        return true;
      }
    }
    return false;
  }

  /** Calls for each that comes after this one and wants something of its own. */
  void forEachLater(PlanEntry entry, Consumer<PlanEntry> action) {
    forEach(
        entry.record,
        claim -> {
          for (PlanEntry other : of(claim)) {
            if (PlanEntry.BY_RIGHT.compare(other, entry) > 0) {
              action.accept(other);
            }
          }
        });
  }

  /** The key and the prefixes of a record. */
  static void forEach(@Nullable PeerRecord record, Consumer<Object> action) {
    if (record != null) {
      action.accept(record.publicKey());
      record.settings().allowedIps().forEach(action);
    }
  }
}
