package io.wgnetty.peer;

import io.wgnetty.crypto.PublicKey;
import io.wgnetty.protocol.Endpoint;
import io.wgnetty.protocol.TransportKeys;

/** A session with a peer of nobody's, for tests of what carries its packets. */
public final class TestSession {
  private static final int LOCAL_INDEX = 7;
  private static final int REMOTE_INDEX = 99;

  /** Of the peer of {@link #addTo}. */
  public static final PublicKey KEY = LonePeer.numbered(3).publicKey();

  private TestSession() {}

  /** Gives a peer a session that may send. */
  public static void addTo(Peer peer, long nowNs) {
    AgreedKeys keys = AgreedKeys.agree(LOCAL_INDEX, REMOTE_INDEX);
    Session session =
        new Session(peer, keys.initiator(), peer.shard().keySlab(), Timings.STANDARD, nowNs);
    peer.shard().indices().adopt(session);
    peer.slots().derivedAsInitiator(session, false);
  }

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

  /** As if it had been told elsewhere how far it was, and one message more was sent then. */
  public static void setBack(Session session) {
    session.setSendCounter(Math.max(0, session.takeCounter() - Session.MARGIN - 1));
  }
}
