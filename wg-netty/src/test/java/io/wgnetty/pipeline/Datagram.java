package io.wgnetty.pipeline;

import io.wgnetty.protocol.Endpoint;

/** A datagram that a node sent or is to receive, with where it goes to or comes from. */
final class Datagram {
  private final byte[] bytes;
  private final Endpoint remote;

  Datagram(byte[] bytes, Endpoint remote) {
    this.bytes = bytes;
    this.remote = remote;
  }

  byte[] bytes() {
    return bytes;
  }

  Endpoint remote() {
    return remote;
  }
}
