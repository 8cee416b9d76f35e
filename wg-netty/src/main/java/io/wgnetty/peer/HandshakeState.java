package io.wgnetty.peer;

import java.util.Locale;

/** How far a peer and we are with each other. */
public enum HandshakeState {
  /** There never was a session, and none is being made. */
  NONE,
  /** Our initiation awaits its answer; a session may be alive meanwhile. */
  INITIATING,
  /** We have answered the peer's initiation, which it has not confirmed yet. */
  ANSWERING,
  /** There is a session, and nothing to be done about it. */
  ESTABLISHED,
  /** There was a session; it is too old or gone. */
  EXPIRED;

  /** As it is written in texts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
