package io.wgnetty.counters;

import java.util.Locale;

/** Which side of a handshake we are. */
public enum HandshakeRole {
  /** The first message was ours. */
  INITIATED,
  /** The first message was the peer's. */
  ANSWERED;

  /** As it is written in metrics and texts. */
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
