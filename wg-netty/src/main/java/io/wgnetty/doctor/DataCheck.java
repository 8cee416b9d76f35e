package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether data goes both ways where a handshake was made. */
final class DataCheck implements Check {
  private static final String SUBJECT = "data";

  /** Who got data answers within ten seconds, with a keepalive if with nothing else. */
  private static final long SILENT_MS = 15_000;

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null || !node.isOurs()) {
      return List.of();
    }
    List<Diagnosis> all = new ArrayList<>();
    int alive = 0;
    for (PeerFacts peer : node.peers()) {
      if (!peer.hasSession()) {
        continue;
      }
      Map<String, Long> drops = peer.newDrops();
      if (drops.containsKey("wrong-source")) {
        all.add(
            Diagnosis.problem(
                SUBJECT,
                "handshake but no data: %s sends from addresses that are not its own, %d packets now"
                    .formatted(peer.shown(), drops.get("wrong-source")),
                "its Address has to be among its AllowedIPs here; a network behind it, too"));
      } else if (peer.more("tx_bytes") > 0 && peer.heardMsAgo() > SILENT_MS) {
        all.add(
            Diagnosis.problem(
                SUBJECT,
                "handshake but no data: %s was sent %d bytes, and says nothing"
                    .formatted(peer.shown(), peer.more("tx_bytes")),
                "something on the way, or its firewall, lets handshakes through only; is it still"
                    + " there?"));
      } else {
        alive++;
      }
    }
    if (all.isEmpty() && alive > 0) {
      all.add(Diagnosis.ok(SUBJECT, "peers with a session: " + alive));
    }
    return all;
  }
}
