package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;

/** A peer of a node that does nothing, for tests of who is told of peers. */
public final class LonePeer {
  private LonePeer() {}

  public static Peer at(Endpoint endpoint) {
    TestNetwork network = new TestNetwork();
    Peer peer = network.node(1).meet(network.node(2));
    peer.setEndpoint(endpoint);
    return peer;
  }
}
