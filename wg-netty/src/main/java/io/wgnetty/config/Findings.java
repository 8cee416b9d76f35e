package io.wgnetty.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with a file, as it is found: in any order and of any number. */
final class Findings {
  /** More than anybody reads; a file of rubbish has one error in every line. */
  static final int MAX_SHOWN = 1000;

  /** With so many errors it is no configuration file, and not worth the time to read on. */
  static final int MAX_COUNTED = 10_000;

  private static final Comparator<Finding> BY_PLACE =
      Comparator.comparingInt(Finding::line).thenComparingInt(Finding::column);

  // Apart, so that no number of warnings hides an error.
  private final List<Finding> errors = new ArrayList<>();
  private final List<Finding> warnings = new ArrayList<>();
  private int errorsNotShown;
  private int warningsNotShown;

  void error(Place place, String key, String message) {
    if (errors.size() < MAX_SHOWN) {
      errors.add(new Finding(Finding.Severity.ERROR, place.line(), place.column(), key, message));
    } else {
      errorsNotShown++;
    }
  }

  void warning(Place place, String key, String message) {
    if (warnings.size() < MAX_SHOWN) {
      warnings.add(
          new Finding(Finding.Severity.WARNING, place.line(), place.column(), key, message));
    } else {
      warningsNotShown++;
    }
  }

  boolean hasErrors() {
    return !errors.isEmpty();
  }

  /** Whether there are so many errors that the rest need not be looked at. */
  boolean areEnough() {
    return errors.size() + errorsNotShown >= MAX_COUNTED;
  }

  /** All in the order of lines; a last one says how many are not among them. */
  List<Finding> inOrder(int lastLine) {
    List<Finding> all = new ArrayList<>(errors);
    all.addAll(warnings);
    all.sort(BY_PLACE);
    addNotShown(all, Finding.Severity.WARNING, lastLine, warningsNotShown, "");
    String rest = areEnough() ? "; the rest of the file was not looked at" : "";
    addNotShown(all, Finding.Severity.ERROR, lastLine, errorsNotShown, rest);
    return all;
  }

  private static void addNotShown(
      List<Finding> all, Finding.Severity severity, int lastLine, int count, String rest) {
    if (count > 0) {
      String word = severity == Finding.Severity.ERROR ? "errors" : "warnings";
      String message = count + " more " + word + " are not shown" + rest;
      all.add(new Finding(severity, lastLine, 1, "", message));
    }
  }
}
