package io.wgnetty.doctor;

import io.wgnetty.client.Facts;
import java.util.Map;

/** One peer of a running node, asked twice. */
record PeerFacts(Facts before, Facts after) {
  /** Its name, or its key. */
  String shown() {
    return after.text("label", after.base64("public_key"));
  }

  boolean wasHeard() {
    return after.has("heard_ms_ago");
  }

  /** Since something authentic came from it; a very long time if nothing ever did. */
  long heardMsAgo() {
    return after.number("heard_ms_ago", Long.MAX_VALUE);
  }

  boolean hasSession() {
    return after.has("session_age_ms");
  }

  String handshakeState() {
    return after.text("handshake_state", "none");
  }

  long more(String key) {
    return after.number(key) - before.number(key);
  }

  Map<String, Long> newDrops() {
    return NodeFacts.newDrops(before, after);
  }
}
