package io.wgnetty.peers;

import io.wgnetty.config.PeerFields;
import io.wgnetty.config.PeerSettings;
import io.wgnetty.device.DeviceControl;
import io.wgnetty.peers.plan.PeerPlan;
import io.wgnetty.peers.plan.PlanStep;
import io.wgnetty.peers.plan.Refusal;
import io.wgnetty.peers.record.PeerRecord;
import io.wgnetty.peers.source.PeerSource;
import io.wgnetty.peers.source.StoredRecord;
import io.wgnetty.setup.BesideChange;
import io.wgnetty.setup.PeersBeside;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps an interface in step with its records: one thread enters what comes into the plan, and
 * makes of the plan's steps changes of the interface.
 */
final class PeerKeeper {
  private static final Logger LOG = LoggerFactory.getLogger(PeerKeeper.class);

  /** A thousand broken records are not understood better by a line for each. */
  private static final int MAX_TOLD = 10;

  /** How the plan stands. */
  record Standing(
      long lastChange, int installed, int disabled, int expired, Map<String, Long> refused) {}

  private final PeersBeside peers;
  private final RecordIntake intake;
  private final LongSupplier epochSeconds;
  private final PeerPlan plan = new PeerPlan(DeviceControl.MAX_PEERS);

  /** What was said of records, so that it is said once. */
  private final Map<String, String> told = new LinkedHashMap<>();

  private long lastChange;
  private volatile Standing standing;

  PeerKeeper(PeersBeside peers, PeerSource source, LongSupplier epochSeconds) {
    this.peers = peers;
    this.intake = new RecordIntake(source);
    this.epochSeconds = epochSeconds;
    plan.setFile(peers.file());
    standing = standing();
  }

  void beginListing() {
    plan.beginListing();
  }

  /** Takes records in, and puts nothing into force yet. */
  void enter(List<StoredRecord> some) throws InterruptedException {
    Map<String, String> problems = new LinkedHashMap<>();
    for (StoredRecord stored : some) {
      intake.take(stored, plan, problems);
    }
    tell(some, problems);
    lastChange = some.isEmpty() ? lastChange : epochSeconds.getAsLong();
  }

  void endListing() {
    plan.endListing();
    told.keySet().removeIf(name -> !plan.has(name));
  }

  boolean has(String name) {
    return plan.has(name);
  }

  void remove(String name) {
    plan.remove(name);
    told.remove(name);
  }

  /** The file was read again. */
  void fileChanged() {
    plan.setFile(peers.file());
    settle();
  }

  /** Puts into force what is to be now; also what follows from the time alone. */
  void settle() {
    List<PlanStep> steps = plan.settle(epochSeconds.getAsLong());
    if (!steps.isEmpty()) {
      peers.apply(steps.stream().map(PeerKeeper::change).toList());
    }
    standing = standing();
  }

  private static BesideChange change(PlanStep step) {
    return new BesideChange(step.key(), settings(step.before()), settings(step.after()));
  }

  private static @Nullable PeerSettings settings(@Nullable PeerRecord record) {
    return record == null ? null : record.settings();
  }

  /** Says what is wrong with records that just came, and only what is new about that. */
  private void tell(List<StoredRecord> some, Map<String, String> problems) {
    int lines = 0;
    for (StoredRecord stored : some) {
      String problem = problems.get(stored.name());
      String before =
          problem == null ? told.remove(stored.name()) : told.put(stored.name(), problem);
      if (problem != null && !problem.equals(before) && lines++ < MAX_TOLD) {
        LOG.warn(
            "interface {}: record {} is not used: {}",
            peers.interfaceName(),
            PeerFields.label(stored.name()),
            problem);
      }
    }
    if (lines > MAX_TOLD) {
      LOG.warn(
          "interface {}: {} records more are not used", peers.interfaceName(), lines - MAX_TOLD);
    }
  }

  /** Why the record by this name is not in force. */
  @Nullable Refusal refusalOf(String name) {
    return plan.refusalOf(name);
  }

  /** How the plan stood when something was last put into force. Any thread. */
  Standing present() {
    return standing;
  }

  private Standing standing() {
    Map<String, Long> refused = new TreeMap<>();
    for (Refusal reason : Refusal.values()) {
      refused.put(reason.word(), (long) plan.refused(reason));
    }
    return new Standing(
        lastChange, plan.inForce(), plan.disabled(), plan.expired(), Map.copyOf(refused));
  }

  void wipe() {
    plan.wipe();
  }
}
