package io.wgnetty.storm;

import org.jspecify.annotations.Nullable;

/** How a client behaves. Called in the loop's thread only. */
interface Conduct {
  /** {@link #due} is not called again. */
  long NEVER = Long.MAX_VALUE;

  /** The client's time has come: what it sends, or null. */
  byte @Nullable [] due(Client client, long nowNs);

  /** A datagram has come for the client: what it sends at once, or null. */
  byte @Nullable [] received(Client client, byte[] datagram, int toAddress, long nowNs);

  /** The server has sent an initiation: what is answered at once, or null. */
  default byte @Nullable [] called(Client client, byte[] initiation, int toAddress, long nowNs) {
    return null;
  }

  /** When the client's time comes next. Asked after each of the others. */
  long dueNs(Client client);
}
