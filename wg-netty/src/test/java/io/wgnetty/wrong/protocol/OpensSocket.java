package io.wgnetty.wrong.protocol;

import java.io.IOException;
import java.net.DatagramSocket;

/** Wrong: a pure package that opens a socket. */
public final class OpensSocket {
  public DatagramSocket open() throws IOException {
    return new DatagramSocket();
  }
}
