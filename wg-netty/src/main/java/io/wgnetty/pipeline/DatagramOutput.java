package io.wgnetty.pipeline;

import io.wgnetty.protocol.Endpoint;

/** The sending side of an interface's UDP sockets, as one event loop sees it. */
public interface DatagramOutput {
  /**
   * Sends every message of the batch, in their order, to its destination with its traffic class.
   * What cannot be sent is marked with {@link DatagramBatch#refuse}; what has to wait for the
   * socket is copied. The batch is the caller's again afterwards.
   */
  void send(DatagramBatch batch);

  /** Sends one datagram by itself; returns whether it went out, or waits for the socket. */
  boolean send(byte[] datagram, Endpoint destination, int trafficClass);
}
