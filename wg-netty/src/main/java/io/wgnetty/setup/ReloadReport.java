package io.wgnetty.setup;

import java.util.ArrayList;
import java.util.List;

/**
 * What a reload has changed.
 *
 * @param changes what else was changed, each in a few words
 * @param failures what should have been changed and could not be; it is tried again next time
 */
public record ReloadReport(
    int peersAdded,
    int peersRemoved,
    int peersChanged,
    List<String> changes,
    List<String> failures) {
  public ReloadReport {
    changes = List.copyOf(changes);
    failures = List.copyOf(failures);
  }

  /** Whether the file said what was the case already. */
  public boolean nothingDiffers() {
    return peersAdded + peersRemoved + peersChanged == 0 && changes.isEmpty() && failures.isEmpty();
  }

  /** One line for a person. */
  @Override
  public String toString() {
    if (nothingDiffers()) {
      return "nothing differs";
    }
    List<String> parts = new ArrayList<>();
    String peers = peers();
    if (!peers.isEmpty()) {
      parts.add(peers);
    }
    parts.addAll(changes);
    failures.forEach(failure -> parts.add("FAILED: " + failure));
    return String.join("; ", parts);
  }

  private String peers() {
    List<String> counts = new ArrayList<>();
    count(counts, peersAdded, "added");
    count(counts, peersRemoved, "removed");
    count(counts, peersChanged, "changed");
    return String.join(", ", counts);
  }

  private static void count(List<String> counts, int number, String done) {
    if (number > 0) {
      String noun = !counts.isEmpty() ? "" : number == 1 ? " peer" : " peers";
      counts.add(number + noun + " " + done);
    }
  }

  /** Collects what is done, and goes on when something fails. */
  static final class Builder {
    private int peersAdded;
    private int peersRemoved;
    private int peersChanged;
    private final List<String> changes = new ArrayList<>();
    private final List<String> failures = new ArrayList<>();

    /** One change. */
    @FunctionalInterface
    interface Change {
      void make() throws SetupException, InterruptedException;
    }

    /**
     * Makes a change.
     *
     * @param done what to say of it if it succeeds, empty for nothing
     */
    void attempt(String done, Change change) {
      try {
        change.make();
        if (!done.isEmpty()) {
          changes.add(done);
        }
      } catch (SetupException e) {
        failures.add(String.valueOf(e.getMessage()));
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        failures.add("interrupted before: " + done);
      } catch (RuntimeException e) {
        failures.add(done + ": " + e);
      }
    }

    void changed(String what) {
      changes.add(what);
    }

    void peers(int added, int removed, int changed) {
      peersAdded += added;
      peersRemoved += removed;
      peersChanged += changed;
    }

    ReloadReport build() {
      return new ReloadReport(peersAdded, peersRemoved, peersChanged, changes, failures);
    }
  }
}
