package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;

/** Which peers were never heard. */
final class SilentPeersCheck implements Check {
  private static final String SUBJECT = "peers";

  /** More names than these nobody reads. */
  private static final int SHOWN = 5;

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null || !node.isOurs()) {
      return List.of();
    }
    List<String> unanswered = new ArrayList<>();
    List<String> waiting = new ArrayList<>();
    for (PeerFacts peer : node.peers()) {
      if (!peer.wasHeard()) {
        (peer.handshakeState().equals("initiating") ? unanswered : waiting).add(peer.shown());
      }
    }
    List<Diagnosis> all = new ArrayList<>();
    if (!unanswered.isEmpty()) {
      all.add(
          Diagnosis.problem(
              SUBJECT,
              "called, and never answered: " + list(unanswered),
              "Endpoint, the firewall over there (tcpdump -ni any udp port ...), and whether"
                  + " PublicKey is theirs and ours is known to them: who does not know it is silent"));
    }
    if (!waiting.isEmpty()) {
      all.add(Diagnosis.ok(SUBJECT, "never heard since this node was started: " + list(waiting)));
    }
    int heard = node.peers().size() - unanswered.size() - waiting.size();
    all.add(
        Diagnosis.ok(
            SUBJECT,
            "heard: %d of %d%s"
                .formatted(
                    heard,
                    node.peers().size(),
                    node.peersInAll() > node.peers().size()
                        ? " that were looked at, of " + node.peersInAll()
                        : "")));
    return all;
  }

  private static String list(List<String> names) {
    String shown = String.join(", ", names.subList(0, Math.min(SHOWN, names.size())));
    return names.size() > SHOWN ? shown + " and " + (names.size() - SHOWN) + " more" : shown;
  }
}
