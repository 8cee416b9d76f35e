package io.wgnetty.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** What is wrong with a file, as it is found: in any order and of any number. */
final class Findings {
  /** More than anybody reads; a file of rubbish has one error in every line. */
  static final int MAX_SHOWN = 1000;

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

  /** All in the order of lines; a last one says how many are not among them. */
  List<Finding> inOrder(int lastLine) {
    List<Finding> all = new ArrayList<>(errors);
    all.addAll(warnings);
    all.sort(BY_PLACE);
    addNotShown(all, Finding.Severity.WARNING, lastLine, warningsNotShown);
    addNotShown(all, Finding.Severity.ERROR, lastLine, errorsNotShown);
    return all;
  }

  private static void addNotShown(
      List<Finding> all, Finding.Severity severity, int lastLine, int count) {
    if (count > 0) {
      String word = severity == Finding.Severity.ERROR ? "errors" : "warnings";
      all.add(new Finding(severity, lastLine, 1, "", count + " more " + word + " are not shown"));
    }
  }
}
