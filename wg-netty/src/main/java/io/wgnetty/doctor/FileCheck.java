package io.wgnetty.doctor;

import io.wgnetty.config.Finding;
import java.util.ArrayList;
import java.util.List;

/** What is wrong with the file itself. */
final class FileCheck implements Check {
  private static final String SUBJECT = "file";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    FileFacts file = evidence.file();
    if (file == null) {
      return List.of(Diagnosis.ok(SUBJECT, "the interface has none"));
    }
    List<Diagnosis> all = new ArrayList<>();
    for (Finding finding : file.findings()) {
      boolean error = finding.severity() == Finding.Severity.ERROR;
      all.add(
          new Diagnosis(
              error ? Verdict.PROBLEM : Verdict.WARNING,
              SUBJECT,
              finding.in(file.path()),
              error ? "correct it: a reload would be refused" : ""));
    }
    return all.isEmpty() ? List.of(Diagnosis.ok(SUBJECT, file.path() + " has no errors")) : all;
  }
}
