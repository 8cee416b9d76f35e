package io.wgnetty.peers.plan;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.setup.FileClaims;
import java.util.ArrayList;
import java.util.Collection;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which records are in force. A record is in force as a whole or not at all: not if it is disabled
 * or over, if its key or a prefix is the file's, or that of a record in force with a better right.
 * The better right has who has the lower order, then the name that comes first.
 *
 * <p>Changes are collected, and {@link #settle} says what has to be done for the peers. A decision
 * depends on records with a better right only, so whatever changed is looked at in the order of
 * rights, each record once.
 */
public final class PeerPlan {
  private final int maxPeers;
  private final Map<String, PlanEntry> entries = new HashMap<>();
  private final PlanClaims claims = new PlanClaims();
  private final TreeSet<PlanEntry> undecided = new TreeSet<>(PlanEntry.BY_RIGHT);
  private final TreeSet<PlanEntry> ends = new TreeSet<>(PlanEntry.BY_END);
  private final TreeSet<PlanEntry> turnedAway = new TreeSet<>(PlanEntry.BY_RIGHT);

  /** What the world was last told of each peer. */
  private final Map<PublicKey, PeerRecord> told = new HashMap<>();

  private final Set<PublicKey> touched = new LinkedHashSet<>();

  /** Of no use when the steps are done in which they went. */
  private final List<PeerRecord> leaving = new ArrayList<>();

  private FileClaims file = FileClaims.NONE;
  private long listing;
  private int inForce;
  private int disabled;
  private int expired;
  private final Map<Refusal, Integer> refused = new EnumMap<>(Refusal.class);

  /**
   * A plan without records.
   *
   * @param maxPeers how many may be in force together with the file's
   */
  public PeerPlan(int maxPeers) {
    this.maxPeers = maxPeers;
  }

  /** What the file has now; who wanted that, or gets what it gave up, is looked at again. */
  public void setFile(FileClaims now) {
    var changed = new LinkedHashSet<Object>();
    difference(file.keys(), now.keys(), changed);
    difference(file.prefixes(), now.prefixes(), changed);
    if (file.ownKey() != null) {
      changed.add(file.ownKey());
    }
    if (now.ownKey() != null) {
      changed.add(now.ownKey());
    }
    file = now;
    changed.forEach(claim -> undecided.addAll(claims.of(claim)));
    undecided.addAll(turnedAway);
  }

  private static void difference(Collection<?> before, Collection<?> after, Set<Object> changed) {
    before.stream().filter(one -> !after.contains(one)).forEach(changed::add);
    after.stream().filter(one -> !before.contains(one)).forEach(changed::add);
  }

  /** All records come again; {@link #endListing} removes those that did not. */
  public void beginListing() {
    listing++;
  }

  public void endListing() {
    List<String> gone =
        entries.values().stream()
            .filter(entry -> entry.listing != listing)
            .map(entry -> entry.name)
            .toList();
    gone.forEach(this::remove);
  }

  /** Whether there is a record by this name. */
  public boolean has(String name) {
    return entries.containsKey(name);
  }

  /** Takes a record in, in the place of the one that had its name. Its secret is the plan's now. */
  public void put(String name, long order, PeerRecord record) {
    PlanEntry before = entries.get(name);
    replace(before, new PlanEntry(name, order, record));
  }

  /** What is by this name now cannot be used; what was before stays in force. */
  public void refuse(String name, long order, Refusal fault) {
    PlanEntry before = entries.get(name);
    if (before == null) {
      before = new PlanEntry(name, order, null);
      replace(null, before);
    }
    uncount(before);
    before.fault = fault;
    before.listing = listing;
    count(before);
  }

  public void remove(String name) {
    PlanEntry before = entries.get(name);
    if (before != null) {
      replace(before, null);
    }
  }

  private void replace(@Nullable PlanEntry before, @Nullable PlanEntry after) {
    if (before != null) {
      entries.remove(before.name);
      forget(before);
    }
    if (after != null) {
      after.listing = listing;
      entries.put(after.name, after);
      count(after);
      if (after.record != null) {
        claims.add(after);
        undecided.add(after);
        if (after.notAfter() != PeerRecord.FOR_EVER) {
          ends.add(after);
        }
      }
    }
  }

  private void forget(PlanEntry entry) {
    uncount(entry);
    claims.remove(entry);
    undecided.remove(entry);
    ends.remove(entry);
    turnedAway.remove(entry);
    if (entry.record == null) {
      return;
    }
    touched.add(entry.record.publicKey());
    if (entry.inForce) {
      inForce--;
      claims.forEachLater(entry, undecided::add);
      undecided.addAll(turnedAway);
    } else {
      wipeUnlessTold(entry.record);
    }
  }

  /**
   * Decides what is undecided, as of this second of the wall clock, and returns what has to be done
   * for that. Whoever takes the steps has done them before the next call.
   */
  public List<PlanStep> settle(long nowEpochSeconds) {
    leaving.forEach(PeerRecord::wipe);
    leaving.clear();
    while (!ends.isEmpty() && ends.first().notAfter() < nowEpochSeconds) {
      PlanEntry over = ends.removeFirst();
      uncount(over);
      over.expired = true;
      count(over);
      undecided.add(over);
    }
    while (!undecided.isEmpty()) {
      decide(undecided.removeFirst());
    }
    List<PlanStep> steps = new ArrayList<>();
    for (PublicKey key : touched) {
      step(key, steps);
    }
    touched.clear();
    return steps;
  }

  private void decide(PlanEntry entry) {
    uncount(entry);
    boolean before = entry.inForce;
    boolean wanted = !entry.isDisabled() && !entry.expired;
    inForce -= before ? 1 : 0;
    entry.inForce = false;
    entry.refusal = wanted ? refusal(entry) : null;
    entry.inForce = wanted && entry.refusal == null;
    inForce += entry.inForce ? 1 : 0;
    if (entry.refusal == Refusal.FULL) {
      turnedAway.add(entry);
    } else {
      turnedAway.remove(entry);
    }
    count(entry);
    if (before != entry.inForce) {
      claims.forEachLater(entry, undecided::add);
      if (before) {
        turnedAway.stream().filter(one -> one != entry).forEach(undecided::add);
      }
    }
    if (entry.record != null) {
      touched.add(entry.record.publicKey());
    }
  }

  private @Nullable Refusal refusal(PlanEntry entry) {
    if (entry.record == null) {
      return Refusal.INVALID;
    }
    PublicKey key = entry.record.publicKey();
    if (key.equals(file.ownKey())) {
      return Refusal.OWN_KEY;
    }
    if (file.keys().contains(key)
        || entry.record.settings().allowedIps().stream().anyMatch(file.prefixes()::contains)) {
      return Refusal.IN_FILE;
    }
    if (claims.areTaken(entry)) {
      return Refusal.TAKEN;
    }
    return inForce + file.keys().size() >= maxPeers ? Refusal.FULL : null;
  }

  @SuppressWarnings("ReferenceEquality") // a record is one of the plan's, or it is not
  private void step(PublicKey key, List<PlanStep> steps) {
    PeerRecord before = told.get(key);
    PeerRecord after = null;
    for (PlanEntry entry : claims.of(key)) {
      after = entry.inForce ? entry.record : after;
    }
    if (before == after) {
      return;
    }
    if (before == null || after == null || !before.makesTheSame(after)) {
      steps.add(new PlanStep(key, before, after));
    }
    if (before != null && claims.of(key).stream().noneMatch(entry -> entry.record == before)) {
      leaving.add(before);
    }
    if (after == null) {
      told.remove(key);
    } else {
      told.put(key, after);
    }
  }

  @SuppressWarnings("ReferenceEquality")
  private void wipeUnlessTold(PeerRecord record) {
    if (told.get(record.publicKey()) != record) {
      record.wipe();
    }
  }

  private void count(PlanEntry entry) {
    add(entry, 1);
  }

  private void uncount(PlanEntry entry) {
    add(entry, -1);
  }

  private void add(PlanEntry entry, int one) {
    disabled += entry.isDisabled() ? one : 0;
    expired += entry.expired && !entry.isDisabled() ? one : 0;
    Refusal shown = entry.fault == null ? entry.refusal : entry.fault;
    if (shown != null) {
      refused.merge(shown, one, Integer::sum);
    }
  }

  /** How many records there are, of whatever kind. */
  public int records() {
    return entries.size();
  }

  public int inForce() {
    return inForce;
  }

  public int disabled() {
    return disabled;
  }

  public int expired() {
    return expired;
  }

  public int refused(Refusal reason) {
    return refused.getOrDefault(reason, 0);
  }

  /** Why the record is not in force; {@code null} if nothing is wrong with it. */
  public @Nullable Refusal refusalOf(String name) {
    PlanEntry entry = entries.get(name);
    return entry == null ? null : entry.fault == null ? entry.refusal : entry.fault;
  }

  /** All secrets of records are overwritten; the plan is of no use any more. */
  public void wipe() {
    entries.values().stream()
        .map(entry -> entry.record)
        .forEach(
            record -> {
              if (record != null) {
                record.wipe();
              }
            });
    told.values().forEach(PeerRecord::wipe);
    leaving.forEach(PeerRecord::wipe);
  }
}
