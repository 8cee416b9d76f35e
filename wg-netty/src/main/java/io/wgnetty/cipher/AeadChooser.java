package io.wgnetty.cipher;

import io.wgnetty.crypto.Aead;
import io.wgnetty.crypto.AeadProvider;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;

/**
 * A provider that finds out which of others is the fastest on this machine. Until it has been told
 * to, it uses one of them for everything; its instances change over afterwards. Thread-safe.
 */
public final class AeadChooser implements AeadProvider {
  /** The least of so many counts. The first are of code that the JVM has not compiled yet. */
  private static final int ROUNDS = 64;

  private final List<AeadProvider> candidates;
  private final AeadProvider resort;
  private volatile AeadChoice choice;

  /**
   * @param candidates those to choose from; each may be unavailable
   * @param resort one more, which is not worth measuring where any of the others is available
   * @param first the one to begin with
   */
  AeadChooser(List<AeadProvider> candidates, AeadProvider resort, AeadProvider first) {
    this.candidates = List.copyOf(candidates);
    this.resort = resort;
    this.choice = AeadChoice.of(first);
  }

  /** What is used at the moment. */
  public AeadChoice choice() {
    return choice;
  }

  /**
   * Tests each candidate, measures it and takes the best from now on. What is wrong, or breaks
   * down, is no longer used. Takes its time: for a thread that nobody waits for.
   *
   * @param clock nanoseconds
   */
  public AeadChoice measure(LongSupplier clock) {
    return measure(clock, false);
  }

  /** The same for the last resort too, wherever it is not needed. */
  public AeadChoice measureAll(LongSupplier clock) {
    return measure(clock, true);
  }

  private synchronized AeadChoice measure(LongSupplier clock, boolean all) {
    Map<String, String> problems = new LinkedHashMap<>();
    List<AeadTrial> trials = new ArrayList<>();
    try {
      for (AeadProvider candidate : candidates) {
        begin(candidate, clock, trials, problems);
      }
      if (all || trials.isEmpty()) {
        begin(resort, clock, trials, problems);
      }
      choice =
          trials.isEmpty()
              ? new AeadChoice(choice.providers(), List.of(), problems)
              : AeadChoice.fastest(measure(trials), problems);
    } finally {
      trials.forEach(AeadTrial::close);
    }
    return choice;
  }

  private static void begin(
      AeadProvider candidate,
      LongSupplier clock,
      List<AeadTrial> trials,
      Map<String, String> problems) {
    if (!candidate.isAvailable()) {
      problems.put(candidate.name(), candidate.whyUnavailable());
      return;
    }
    try {
      AeadTrial trial = new AeadTrial(candidate, clock);
      trials.add(trial);
      String problem = trial.problem();
      if (!problem.isEmpty()) {
        trials.removeLast().close();
        problems.put(candidate.name(), "it " + problem);
      }
    } catch (RuntimeException | LinkageError e) {
      problems.put(candidate.name(), "it failed: " + e);
    }
  }

  /** In turns, so that what disturbs one disturbs all. */
  private static List<AeadChoice.Measured> measure(List<AeadTrial> trials) {
    for (int round = 0; round < ROUNDS; round++) {
      for (AeadLoad load : AeadLoad.values()) {
        trials.forEach(trial -> trial.measure(load));
      }
    }
    return trials.stream().map(AeadTrial::result).toList();
  }

  /** The name of what seals runs of large packets. */
  @Override
  public String name() {
    return choice.name(AeadLoad.MANY_LARGE);
  }

  @Override
  public boolean isAvailable() {
    return true;
  }

  @Override
  public String whyUnavailable() {
    return "";
  }

  @Override
  public Aead create() {
    return new ChosenAead(this);
  }
}
