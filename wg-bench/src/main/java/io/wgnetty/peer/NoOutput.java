package io.wgnetty.peer;

import io.wgnetty.protocol.Endpoint;

/** Nothing is sent here. */
final class NoOutput implements ShardOutput {
  @Override
  public boolean sendHandshake(byte[] message, Endpoint destination) {
    return false;
  }

  @Override
  public void sendStaged(Peer peer) {}

  @Override
  public boolean submit(HandshakeJob job) {
    return false;
  }

  @Override
  public void wakeAt(long deadlineNs) {}
}
