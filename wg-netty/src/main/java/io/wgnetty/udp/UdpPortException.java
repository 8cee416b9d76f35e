package io.wgnetty.udp;

import java.io.IOException;

/** A port could not be had: the one failure after which another port may do. */
public final class UdpPortException extends IOException {
  private static final long serialVersionUID = 1L;

  UdpPortException(String message, Throwable cause) {
    super(message, cause);
  }
}
