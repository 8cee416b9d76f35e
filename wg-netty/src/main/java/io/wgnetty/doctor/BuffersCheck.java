package io.wgnetty.doctor;

import java.util.List;

/** Whether datagrams are lost because nobody reads them in time. */
final class BuffersCheck implements Check {
  private static final String SUBJECT = "socket buffers";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    long lost = evidence.host().lostAfter() - evidence.host().lostBefore();
    if (lost > 0) {
      return List.of(
          Diagnosis.problem(
              SUBJECT,
              lost + " datagrams found a full buffer while this was looked at",
              "more processors or --loops; in a rootless container net.core.rmem_max=7340032"));
    }
    NodeFacts node = evidence.node();
    long waiting = node == null ? 0 : node.after().number("pending_messages");
    if (waiting > 0) {
      return List.of(
          Diagnosis.warning(
              SUBJECT,
              waiting + " messages wait because the socket is full",
              "the way out is slower than the tunnel: see the interface's queue (tc -s qdisc)"));
    }
    long before = evidence.host().lostAfter();
    return List.of(
        Diagnosis.ok(
            SUBJECT,
            before == 0
                ? "no datagram found a full buffer"
                : "none lost now; %d since the machine was started".formatted(before)));
  }
}
