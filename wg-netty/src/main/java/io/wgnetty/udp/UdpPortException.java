package io.wgnetty.udp;

import java.io.IOException;

/** A port could not be had: the one failure after which another port may do. */
public final class UdpPortException extends IOException {
  private static final long serialVersionUID = 1L;

  private final boolean inUse;

  UdpPortException(String message, boolean inUse, Throwable cause) {
    super(message, cause);
    this.inUse = inUse;
  }

  /** Why, in a few words. */
  public String reason() {
    return inUse ? "address in use" : String.valueOf(getMessage());
  }
}
