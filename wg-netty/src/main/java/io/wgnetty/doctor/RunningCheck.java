package io.wgnetty.doctor;

import java.util.List;

/** Whether the interface is running. */
final class RunningCheck implements Check {
  private static final String SUBJECT = "node";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null) {
      return List.of(
          Diagnosis.warning(
              SUBJECT,
              evidence.name() + " is not running; only its file and this machine were looked at",
              "wg-netty up " + evidence.name()));
    }
    if (!node.isOurs()) {
      return List.of(
          Diagnosis.ok(SUBJECT, "running, by another implementation: it tells less of itself"));
    }
    boolean load = node.after().text("under_load", "").equals("true");
    return List.of(
        load
            ? Diagnosis.warning(
                SUBJECT,
                "running, under load by handshakes: callers have to prove their addresses",
                "see the drops, and filter the source if it is a flood")
            : Diagnosis.ok(SUBJECT, "running"));
  }
}
