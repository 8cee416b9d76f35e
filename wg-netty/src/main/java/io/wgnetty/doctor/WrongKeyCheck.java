package io.wgnetty.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Whether somebody calls, or answers, with a wrong key. */
final class WrongKeyCheck implements Check {
  private static final String SUBJECT = "keys";

  @Override
  public List<Diagnosis> judge(Evidence evidence) {
    NodeFacts node = evidence.node();
    if (node == null || !node.isOurs()) {
      return List.of();
    }
    List<Diagnosis> all = new ArrayList<>();
    Map<String, Long> now = node.newDrops();
    if (now.containsKey("bad-mac1")) {
      all.add(
          Diagnosis.problem(
              SUBJECT,
              "somebody calls with another public key of this interface than its own" + who(node),
              "compare PublicKey in that peer's file with `wg-netty show "
                  + evidence.name()
                  + " public-key'"));
    }
    boolean ofAPeer = false;
    for (PeerFacts peer : node.peers()) {
      if (peer.after().counts("drop").containsKey("handshake-invalid") && !peer.hasSession()) {
        ofAPeer = true;
        all.add(
            Diagnosis.problem(
                SUBJECT,
                peer.shown()
                    + " answers, but the handshake does not fit: the pre-shared keys differ",
                "the same PresharedKey on both sides, or on neither"));
      } else if (isNotConfirmed(peer)) {
        all.add(
            Diagnosis.problem(
                SUBJECT,
                peer.shown() + " calls and is answered, and never goes on from there",
                "the pre-shared keys differ, or our answers do not reach it: look at its log"));
      }
    }
    if (now.containsKey("handshake-invalid") && !ofAPeer) {
      all.add(
          Diagnosis.problem(
              SUBJECT,
              "somebody calls with a key that no peer here has" + who(node),
              "compare `wg pubkey' of that peer's PrivateKey with its PublicKey here; is it in the"
                  + " file, and was the file reloaded?"));
    }
    return all.isEmpty() ? List.of(Diagnosis.ok(SUBJECT, "nobody calls with a wrong one")) : all;
  }

  /** In both answers between the initiation and what confirms the session. */
  private static boolean isNotConfirmed(PeerFacts peer) {
    return !peer.hasSession()
        && peer.handshakeState().equals("answering")
        && peer.before().text("handshake_state", "").equals("answering");
  }

  private static String who(NodeFacts node) {
    List<String> silent =
        node.peers().stream().filter(peer -> !peer.hasSession()).map(PeerFacts::shown).toList();
    return silent.size() == 1 ? "; perhaps " + silent.getFirst() + ", which has no session" : "";
  }
}
