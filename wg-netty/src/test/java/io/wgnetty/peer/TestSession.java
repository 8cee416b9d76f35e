package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.TransportKeys;

/** A session with a peer of nobody's, for tests of what carries its packets. */
public final class TestSession {
  private static final int LOCAL_INDEX = 7;
  private static final int REMOTE_INDEX = 99;

  private TestSession() {}

  /** A session with a new peer that is there. */
  public static Session with(Endpoint endpoint) {
    Peer peer = LonePeer.at(endpoint);
    AgreedKeys keys = AgreedKeys.agree(LOCAL_INDEX, REMOTE_INDEX);
    return of(peer, keys.initiator(), 0);
  }

  /** A session that no index leads to. */
  static Session of(Peer peer, TransportKeys keys, long bornNs) {
    return new Session(peer, keys, peer.shard().keySlab(), Timings.STANDARD, bornNs);
  }

  /** As if so many messages had been sent with it. */
  public static void setSendCounter(Session session, long counter) {
    session.setSendCounter(counter);
  }
}
