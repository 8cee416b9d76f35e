package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;

/** A session with a peer of nobody's, for tests of what carries its packets. */
public final class TestSession {
  private static final int LOCAL_INDEX = 7;
  private static final int REMOTE_INDEX = 99;

  private TestSession() {}

  /** A session with a new peer that is there. */
  public static Session with(Endpoint endpoint) {
    Peer peer = LonePeer.at(endpoint);
    AgreedKeys keys = AgreedKeys.agree(LOCAL_INDEX, REMOTE_INDEX);
    return new Session(peer, keys.initiator(), Timings.STANDARD, 0);
  }

  /** As if so many messages had been sent with it. */
  public static void setSendCounter(Session session, long counter) {
    session.setSendCounter(counter);
  }
}
