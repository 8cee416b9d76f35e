package io.wgnetty.wrong.protocol;

import java.io.IOException;
import java.nio.channels.DatagramChannel;

/** Wrong: a channel is a socket by another name. */
public final class OpensChannel {
  public DatagramChannel open() throws IOException {
    return DatagramChannel.open();
  }
}
