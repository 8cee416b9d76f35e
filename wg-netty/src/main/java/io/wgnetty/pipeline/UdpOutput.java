package io.wgnetty.pipeline;

import io.netty.buffer.ByteBuf;
import io.wgnetty.protocol.Endpoint;

/** The sending side of an interface's UDP sockets, as one event loop sees it. */
public interface UdpOutput {
  /**
   * Queues a datagram and takes the buffer over; returns false, with the buffer released, if it can
   * not be sent.
   */
  boolean write(ByteBuf datagram, Endpoint destination);

  /** Sends what was queued. */
  void flush();
}
