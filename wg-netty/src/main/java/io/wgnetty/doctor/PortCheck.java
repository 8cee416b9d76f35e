package io.wgnetty.doctor;

import io.wgnetty.client.Facts;
import java.util.List;

/** Whether the node has its port, and datagrams come to it. */
final class PortCheck implements Check {
  private static final String SUBJECT = "port";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null) {
      return List.of();
    }
    Facts facts = node.after();
    long port = facts.number("listen_port");
    if (facts.has("not_listening")) {
      return List.of(
          Diagnosis.problem(
              SUBJECT,
              port + " cannot be bound: " + facts.text("not_listening", ""),
              "ss -lunp says which program has it; end that, or change ListenPort"));
    }
    return List.of(
        switch (node.port()) {
          case COUNTED -> Diagnosis.ok(SUBJECT, port + " is bound, and takes datagrams");
          case NOT_TRIED ->
              Diagnosis.warning(
                  SUBJECT, "there is none yet", "is the interface up? ListenPort in the file");
          case CLOSED ->
              Diagnosis.problem(
                  SUBJECT,
                  "nobody has port " + port + " in this network namespace",
                  "is the interface up? A node in another namespace: run this command there");
          case SILENT ->
              Diagnosis.warning(
                  SUBJECT,
                  port + " is bound, but a datagram from this machine did not come to the node",
                  "look for rules of the firewall on loopback and UDP port " + port);
        });
  }
}
