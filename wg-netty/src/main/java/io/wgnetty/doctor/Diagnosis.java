package io.wgnetty.doctor;

import io.wgnetty.client.JsonText;

/**
 * What a check has found.
 *
 * @param subject what was looked at, in a word or two
 * @param message how it is
 * @param remedy what to do; empty if nothing is
 */
public record Diagnosis(Verdict verdict, String subject, String message, String remedy) {
  static Diagnosis ok(String subject, String message) {
    return new Diagnosis(Verdict.OK, subject, message, "");
  }

  static Diagnosis warning(String subject, String message, String remedy) {
    return new Diagnosis(Verdict.WARNING, subject, message, remedy);
  }

  static Diagnosis problem(String subject, String message, String remedy) {
    return new Diagnosis(Verdict.PROBLEM, subject, message, remedy);
  }

  /** For people. */
  public String line() {
    String line = "%-7s  %s: %s".formatted(verdict.word(), subject, message);
    return remedy.isEmpty() ? line : line + " -> " + remedy;
  }

  /** For programs. */
  public void addTo(JsonText document) {
    document.beginObject().name("verdict").value(verdict.word());
    document.name("subject").value(subject).name("message").value(message);
    document.name("remedy");
    if (remedy.isEmpty()) {
      document.nothing();
    } else {
      document.value(remedy);
    }
    document.endObject();
  }
}
