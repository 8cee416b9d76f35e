package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Whether the names of endpoints are found. */
final class NamesCheck implements Check {
  private static final String SUBJECT = "names";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    FileFacts file = evidence.file();
    if (file == null || file.names().isEmpty()) {
      return List.of();
    }
    List<Diagnosis> all = new ArrayList<>();
    new TreeMap<>(file.names())
        .forEach(
            (host, failure) -> {
              if (!failure.isEmpty()) {
                all.add(
                    Diagnosis.problem(
                        SUBJECT,
                        "the endpoint " + host + " is not found: " + failure,
                        "getent hosts "
                            + host
                            + "; correct it, or the name servers of this machine"));
              }
            });
    return all.isEmpty()
        ? List.of(Diagnosis.ok(SUBJECT, "endpoints are found: " + file.names().size()))
        : all;
  }
}
