package io.wgnetty.doctor;

import java.util.Locale;

/** How bad something is, from good to bad. */
public enum Verdict {
  OK,
  WARNING,
  PROBLEM;

  /** {@code ok}, {@code warning} or {@code problem}. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
